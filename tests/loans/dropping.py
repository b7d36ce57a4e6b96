"""A proxy before PostgreSQL that cuts the line at the COMMIT: once the server has done it, or before it hears of it."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

COMMIT = b"COMMIT\x00"
TAKEN = 65_536


def _server(settings: dict[str, Any]) -> socket.socket:
    host, port = settings["HOST"] or "/var/run/postgresql", settings["PORT"] or "5432"
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)))
    line = socket.socket(socket.AF_UNIX)
    line.connect(f"{host}/.s.PGSQL.{port}")
    return line


def _carry(client: socket.socket, server: socket.socket, *, done: bool) -> None:
    """Pass questions on until the COMMIT; answers come back in a thread of their own."""
    silent = threading.Event()

    def answers() -> None:
        while data := server.recv(TAKEN):
            if silent.is_set():
                return
            client.sendall(data)

    back = threading.Thread(target=answers, daemon=True)
    back.start()
    while data := client.recv(TAKEN):
        if COMMIT in data:
            silent.set()
            if done:
                server.sendall(data)
                back.join(10)  # the server has answered, and nobody hears it
            break
        server.sendall(data)
    for line in (client, server):
        line.shutdown(socket.SHUT_RDWR)  # a mere close would wait for whoever still reads
        line.close()


@contextmanager
def cut_at_commit(*, done: bool) -> Iterator[None]:
    """In this thread, speak to PostgreSQL through a line that is cut at the first COMMIT."""
    kept = connections["default"]
    with tempfile.TemporaryDirectory(prefix="cut") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(str(Path(folder) / ".s.PGSQL.5432"))
        door.listen()

        def serve() -> None:
            client, _address = door.accept()
            door.close()  # who calls again hears at once that nobody is there
            _carry(client, _server(kept.settings_dict), done=done)

        threading.Thread(target=serve, daemon=True).start()
        cut = kept.copy()
        cut.settings_dict = kept.settings_dict | {"HOST": folder, "PORT": "5432"}
        cut.inc_thread_sharing()
        connections["default"] = cut
        try:
            yield
        finally:
            cut.close()
            connections["default"] = kept
