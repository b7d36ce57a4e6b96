"""A small mail server for tests: takes messages on a thread, remembers them, may act in the middle."""

import email
import socketserver
import threading
from collections.abc import Callable
from email.message import Message


class Handler(socketserver.StreamRequestHandler):
    server: "Sink"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"QUIT"):
                self.say("221 bye")
                return
            if line.startswith(b"DATA"):
                self.say("354 go on")
                self.take(self.body())
            elif line.startswith(b"RCPT") and b"NOBODY@" in line:
                self.say("550 no such person")
            else:
                self.say("250 ok")

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)

    def take(self, raw: bytes) -> None:
        self.server.messages.append(email.message_from_bytes(raw))
        count = len(self.server.messages)
        self.server.before_answer(count)
        self.say("250 taken")
        self.wfile.flush()
        self.server.after_answer(count)


class Sink(socketserver.ThreadingTCPServer):
    """`with Sink() as sink:` listens on sink.port; hooks are called with the number of messages taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages: list[Message] = []
        self.before_answer: Callable[[int], None] = lambda count: None
        self.after_answer: Callable[[int], None] = lambda count: None
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        super().__exit__(*error)
