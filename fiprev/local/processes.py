"""Children that do not outlive us: started in their own session, stopped by the signal each of them wants."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypedDict

PR_SET_PDEATHSIG = 1


def bound_to_parent(signum: int) -> Callable[[], None] | None:
    """On Linux the kernel sends `signum` to the child when we die, even by SIGKILL; called between fork and exec."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return bind


def start(
    command: Sequence[str],
    *,
    log: IO[bytes] | None,
    stop_signal: int = signal.SIGTERM,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    uid: int | None = None,
) -> subprocess.Popen[bytes]:
    """The child in a session of its own, so that Ctrl-C reaches only us and we stop it in order.

    Without a log it writes to our own terminal.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        cwd=cwd,
        env=environ,
        start_new_session=True,
        preexec_fn=bound_to_parent(stop_signal),
        **as_user(uid),
    )


class AsUser(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


def as_user(uid: int | None) -> AsUser:
    """What Popen wants to run a child as somebody else."""
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def stop(process: subprocess.Popen[bytes], signum: int, *, patience: float) -> None:
    """Ask, wait, and only then kill the whole session."""
    if process.poll() is None:
        process.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


def command_of(pid: int) -> str:
    """The command line of a process, empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def end_leftover(pid: int, mark: str, signum: int, *, patience: float = 10.0) -> None:
    """End a process of an earlier run whose parent was killed; `mark` in its command line proves that it is ours."""
    for ask in (signum, signal.SIGKILL):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if mark not in command_of(pid):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, ask)
            time.sleep(0.1)
