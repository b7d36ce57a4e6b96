"""Where the embedded servers keep their data and sockets, also where the checkout itself cannot hold them."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var"
NOBODY = 65534
LONGEST_SOCKET = 100  # bytes: the kernel takes 108 with the closing zero; PostgreSQL adds nothing after ours


class LocalError(Exception):
    """The machine cannot do it: one sentence for the person at the terminal."""


def make_var(var: Path) -> None:
    """The folder of everything that this machine keeps; the servers' user may pass through, not look in."""
    try:
        var.mkdir(exist_ok=True, parents=True)
    except OSError as error:
        raise LocalError(f"The folder {var} cannot be made ({error.strerror}).") from None
    if (owner := var.stat().st_uid) != os.geteuid():
        raise LocalError(f"{var} belongs to user {name_of(owner)}: start as that user, or remove the folder.")
    var.chmod(0o711)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def can_enter(folder: Path, uid: int) -> bool:
    """Whether that user reaches the folder, asked of the kernel by trying (root only)."""
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=uid,
        group=uid,
        extra_groups=[],
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
    )
    return probe.returncode == 0


class Place:
    """The embedded servers' folders of one var folder: the checkout's own, or that of the tests."""

    def __init__(self, var: Path) -> None:
        self.var = var

    @property
    def token(self) -> str:
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:10]

    @property
    def server_uid(self) -> int | None:
        """PostgreSQL refuses to be root: there it runs as nobody. None: as whoever we are."""
        return NOBODY if os.geteuid() == 0 else None

    @cached_property
    def home(self) -> Path:
        """Where the data lie: var/, or a folder of the system when root's own folders keep the server's user out."""
        note = self.var / "home"
        if note.exists():
            return Path(note.read_text(encoding="utf-8"))
        if self.server_uid is None or not self.var.exists() or can_enter(self.var, self.server_uid):
            return self.var
        base = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(tempfile.gettempdir())
        return base / f"fiprev-{self.token}"

    @property
    def moved(self) -> bool:
        return self.home != self.var

    @cached_property
    def sockets(self) -> Path:
        """Unix sockets need a short path: a deep checkout has them in the temporary folder."""
        here = self.home / "run"
        if len(os.fsencode(here / "postgres" / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return here
        return Path(tempfile.gettempdir()) / f"fiprev-{os.geteuid()}-{self.token}"

    def folder(self, name: str) -> Path:
        return self.var / name

    def database_url(self, name: str = "fiprev") -> str:
        return f"postgresql://postgres@/{name}?host={self.sockets / 'postgres'}"

    def redis_url(self) -> str:
        return f"redis+socket://{self.sockets / 'valkey' / 'valkey.sock'}"

    def make(self) -> None:
        """All folders, each readable by whom it must be; remembers a home outside the checkout."""
        make_var(self.var)
        for folder in (self.var / "log", self.var / "locks"):
            make_own(folder, 0o700)
        if self.moved:
            make_own(self.home, 0o711)
            if not (self.var / "home").exists():  # var/ is new: what an older one kept there is gone with it
                shutil.rmtree(self.home / "postgres", ignore_errors=True)
            (self.var / "home").write_text(str(self.home), encoding="utf-8")
        make_own(self.sockets, 0o711)
        make_own(self.sockets / "valkey", 0o700)
        make_own(self.sockets / "postgres", 0o700, self.server_uid)


def make_own(folder: Path, mode: int, uid: int | None = None) -> None:
    """A folder that is ours, never one that somebody else left under that name in a shared place."""
    folder.mkdir(exist_ok=True, mode=mode)
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner not in {os.geteuid(), uid}:
        raise LocalError(f"{folder} belongs to user {name_of(owner)}: remove it and start again.")
    folder.chmod(mode)
    if uid is not None and owner != uid:
        os.chown(folder, uid, uid)
