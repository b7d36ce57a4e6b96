"""Where servers and sockets lie: in the checkout, unless it is too deep or closed to the server's user."""

import os
import stat
from pathlib import Path

import pytest

from fiprev.local import places
from fiprev.local.places import LocalError, Place

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def short(tmp_path_factory):
    """A folder that everybody may enter, with a short name."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="fp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_the_folders_open_for_nobody_else(short):
    place = Place(short / "var")
    place.make()
    assert mode(short / "var") == 0o711
    assert mode(short / "var" / "log") == mode(short / "var" / "run" / "valkey") == 0o700
    assert mode(short / "var" / "run" / "postgres") == 0o700
    assert place.database_url() == f"postgresql://postgres@/fiprev?host={short}/var/run/postgres"
    assert place.redis_url() == f"redis+socket://{short}/var/run/valkey/valkey.sock"


def test_making_them_again_changes_nothing(short):
    for _ in range(2):
        Place(short / "var").make()


def test_a_deep_checkout_has_its_sockets_in_the_temporary_folder(short):
    deep = short / ("a" * 60) / ("b" * 60)
    place = Place(deep / "var")
    place.make()
    try:
        socket = place.sockets / "postgres" / ".s.PGSQL.5432"
        assert len(os.fsencode(socket)) < 108
        assert not place.sockets.is_relative_to(short / "var")
        assert place.data if hasattr(place, "data") else place.home == deep / "var"
        assert Place(deep / "var").sockets == place.sockets  # every process finds the same
    finally:
        for folder in (place.sockets / "postgres", place.sockets / "valkey", place.sockets):
            folder.rmdir()


def test_a_folder_that_somebody_left_under_our_name_is_refused(short, monkeypatch):
    other = short / "other"
    other.mkdir()
    link = short / "link"
    link.symlink_to(other)
    with pytest.raises(LocalError, match="belongs to user"):
        places.make_own(link, 0o700)


@as_root
def test_the_var_folder_of_another_user_is_refused_in_one_sentence(short):
    var = short / "var"
    var.mkdir()
    os.chown(var, 12345, 12345)
    with pytest.raises(
        LocalError, match=r"belongs to user 12345: start as that user, or remove the folder\.$"
    ):
        Place(var).make()


@as_root
def test_below_a_folder_that_only_root_may_enter_the_data_lie_elsewhere(short, monkeypatch):
    closed = short / "closed"
    closed.mkdir(mode=0o700)
    (closed / "var").mkdir()
    place = Place(closed / "var")
    try:
        assert place.moved
        assert not place.home.is_relative_to(short)
        place.make()
        assert mode(place.sockets / "postgres") == 0o700
        assert (place.sockets / "postgres").stat().st_uid == places.NOBODY
        assert (closed / "var" / "home").read_text() == str(place.home)
        closed.chmod(0o755)
        assert Place(closed / "var").home == place.home  # the data stay where they were put
    finally:
        import shutil

        shutil.rmtree(place.home)


@as_root
def test_a_new_var_folder_does_not_inherit_the_data_of_one_that_was_removed(short):
    closed = short / "closed"
    closed.mkdir(mode=0o700)
    (closed / "var").mkdir()
    place = Place(closed / "var")
    (place.home / "postgres").mkdir(parents=True)
    try:
        place.make()
        assert not (place.home / "postgres").exists()
    finally:
        import shutil

        shutil.rmtree(place.home)


@as_root
def test_who_may_enter_is_asked_of_the_kernel(short):
    closed = short / "closed"
    closed.mkdir(mode=0o700)
    assert places.can_enter(short, places.NOBODY)
    assert not places.can_enter(closed, places.NOBODY)
