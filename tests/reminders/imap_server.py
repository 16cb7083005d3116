"""An IMAP server of one folder in memory: the few commands that `reminders.mailboxes` uses (RFC 3501)."""

import re
import socketserver
import threading

PASSWORD = "correct horse"


class Folder:
    """The mails by UID with their flags."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = dict(enumerate(mails, 1))
        self.flags: dict[int, set[str]] = {uid: set() for uid in self.mails}

    def unseen(self) -> list[int]:
        return [uid for uid in self.mails if "\\Seen" not in self.flags[uid]]

    def expunge(self) -> None:
        for uid in [uid for uid in self.mails if "\\Deleted" in self.flags[uid]]:
            del self.mails[uid]


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK ready")
        for raw in self.rfile:
            tag, _space, command = raw.decode().strip().partition(" ")
            name = command.split(" ")[0].upper()
            if name == "LOGIN" and PASSWORD not in command:
                self.say(f"{tag} NO wrong password")
                continue
            answer = getattr(self, f"on_{name.lower()}", None)
            if answer is not None:
                answer(command)
            self.say(f"{tag} OK done")
            if name == "LOGOUT":
                return

    def on_capability(self, command: str) -> None:
        self.say("* CAPABILITY IMAP4rev1")

    def on_select(self, command: str) -> None:
        self.say(f"* {len(self.server.folder.mails)} EXISTS")

    def on_uid(self, command: str) -> None:
        folder = self.server.folder
        _uid, name, *rest = command.split(" ")
        if name == "SEARCH":
            self.say("* SEARCH " + " ".join(str(uid) for uid in folder.unseen()))
            return
        uid = int(rest[0])
        if name == "FETCH":
            mail = folder.mails[uid]
            self.say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(mail)}}}")
            self.wfile.write(mail + b")\r\n")
        elif name == "STORE":
            folder.flags[uid] |= set(re.findall(r"\\\w+", command))

    def on_close(self, command: str) -> None:
        self.server.folder.expunge()


class ImapServer(socketserver.ThreadingTCPServer):
    """Serves one folder on a free port of the loopback; use as a context manager."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Folder) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.folder = folder
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __exit__(self, *exception) -> None:
        self.shutdown()
        super().__exit__(*exception)
