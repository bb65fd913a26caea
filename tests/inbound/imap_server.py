"""A mailbox on a real socket: the few words of IMAP that a reader of mail speaks."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, mails: dict[int, bytes], password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.password = password
        self.mails, self.seen, self.folders = mails, set[int](), dict[str, list[int]]()


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            if command.startswith("LOGIN") and self.server.password not in command:
                self._say(f"{tag} NO wrong password")
                continue
            for answer in self._answers(command.removeprefix("UID ")):
                self._say(answer)
            self._say(f"{tag} OK done")

    def _say(self, line: str | bytes) -> None:
        self.wfile.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def _answers(self, command: str) -> Iterator[str | bytes]:
        mails, verb = self.server.mails, command.partition(" ")[0]
        uids = [int(each) for each in re.findall(r"\d+", command.split(" ")[1])] if " " in command else []
        if verb == "CAPABILITY":
            yield "* CAPABILITY IMAP4rev1 MOVE"
        elif verb == "SELECT":
            yield f"* {len(mails)} EXISTS"
        elif verb == "SEARCH":
            yield " ".join(["* SEARCH", *(str(uid) for uid in mails if uid not in self.server.seen)])
        elif verb == "FETCH":
            for number, uid in enumerate(uids, 1):
                yield b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)" % (number, uid, len(mails[uid]), mails[uid])
        elif verb == "STORE":
            self.server.seen.update(uids)
        elif verb == "LIST":
            yield from (f'* LIST () "/" "{name}"' for name in self.server.folders)
        elif verb == "CREATE":
            self.server.folders[command.split(" ")[1].strip('"')] = []
        elif verb == "MOVE":
            self.server.folders[command.split(" ")[2].strip('"')] += uids
            for uid in uids:
                del mails[uid]


@contextmanager
def imap_server(mails: dict[int, bytes], *, password: str = "una frase") -> Iterator[_Server]:
    """Serve a mailbox until the block ends; `url` of what is yielded leads to it."""
    with _Server(mails, password) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()
