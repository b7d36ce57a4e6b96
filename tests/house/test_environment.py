"""Settings come from the environment, and .env.example names every variable that is read (style 24)."""

import ast
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from fiprev import env
from fiprev.local.places import ROOT
from tests.house import source

READERS = {"text", "flag", "number", "words", "database"}


def read_by_settings() -> set[str]:
    names = set()
    for node in ast.walk(source.tree(ROOT / "fiprev" / "settings.py")):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            first = node.args[0]
            assert isinstance(first, ast.Constant)
            names.add(str(first.value))
    return names


def read_by_the_containers() -> set[str]:
    files = [ROOT / "docker-compose.yml", ROOT / "docker" / "Caddyfile"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return {one or other for one, other in re.findall(r"\{\$([A-Z_]+)|\$\{([A-Z_]+)", text)}


def named_in_example() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))


def test_the_example_names_what_the_settings_and_the_containers_read():
    assert named_in_example() == read_by_settings() | read_by_the_containers()


def test_only_the_settings_read_the_environment():
    """The local servers run before Django, celery.py and wsgi.py name the settings: nobody else asks."""
    allowed = {"fiprev/env.py", "fiprev/celery.py", "fiprev/wsgi.py"}
    for path in source.python_files():
        if source.name(path) not in allowed and not source.name(path).startswith("fiprev/local/"):
            assert "os.environ" not in path.read_text(encoding="utf-8"), (
                f"{source.name(path)} reads the environment"
            )


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        ("flag", "yes", True),
        ("flag", "0", False),
        ("number", "12", 12),
        ("words", " a , b,", ["a", "b"]),
        ("text", "x", "x"),
    ],
)
def test_a_variable_is_read_as_its_kind(monkeypatch, reader, value, read):
    monkeypatch.setenv("FIPREV_X", value)
    default = {"flag": False, "number": 0, "words": "", "text": ""}[reader]
    assert getattr(env, reader)("FIPREV_X", default) == read


@pytest.mark.parametrize(
    ("reader", "value", "sentence"),
    [
        ("flag", "maybe", "must be yes or no"),
        ("number", "twelve", "must be a whole number"),
        ("database", "sqlite:///x", "PostgreSQL only"),
    ],
)
def test_a_wrong_variable_stops_the_start_with_a_sentence(monkeypatch, reader, value, sentence):
    monkeypatch.setenv("FIPREV_X", value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        getattr(env, reader)("FIPREV_X", None)


def test_a_missing_variable_points_to_the_example(monkeypatch):
    monkeypatch.delenv("FIPREV_X", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"FIPREV_X is not set; see \.env\.example"):
        env.text("FIPREV_X")


def test_a_secret_may_lie_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("FIPREV_X_FILE", str(tmp_path / "secret"))
    assert env.text("FIPREV_X") == "s3cret"


@pytest.mark.parametrize(
    ("queue", "cache"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/1"),
        (
            "rediss://:pw@cache.example:6380/0?ssl_cert_reqs=none",
            "rediss://:pw@cache.example:6380/1?ssl_cert_reqs=none",
        ),
        ("redis+socket:///run/valkey.sock?virtual_host=0", "unix:///run/valkey.sock?db=1"),
    ],
)
def test_the_cache_lies_beside_the_queue_not_in_it(queue, cache):
    assert env.cache_location(queue) == cache


def test_a_database_address_may_name_a_socket_or_a_host(monkeypatch):
    monkeypatch.setenv("FIPREV_X", "postgresql://me:p%40ss@db.example:6432/fund?sslmode=require")
    read = env.database("FIPREV_X", None)
    assert (read["HOST"], read["PORT"], read["PASSWORD"], read["OPTIONS"]) == (
        "db.example",
        "6432",
        "p@ss",
        {"server_side_binding": True, "prepare_threshold": 2, "sslmode": "require"},
    )
    monkeypatch.setenv("FIPREV_X", "postgresql://me@/fund?host=/run/pg")
    assert env.database("FIPREV_X", None)["HOST"] == "/run/pg"


def test_a_database_behind_a_pooler_is_sent_whole_statements(monkeypatch):
    monkeypatch.setenv("FIPREV_X", "postgresql://me@pool/fund?prepare=no")
    assert env.database("FIPREV_X", None)["OPTIONS"] == {
        "server_side_binding": True,
        "prepare_threshold": None,
    }
    monkeypatch.setenv("FIPREV_X", "postgresql://me@pool/fund?prepare=sometimes")
    with pytest.raises(ImproperlyConfigured, match="FIPREV_X has prepare='sometimes': it must be yes or no"):
        env.database("FIPREV_X", None)
