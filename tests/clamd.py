"""A virus scanner on loopback that speaks clamd's protocol and knows the test file of EICAR.

`answer` replaces its verdict; `received` are the files that it was sent.
"""

import socketserver
import struct
import threading

#: Written in two parts, so that no scanner takes this module for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    def __init__(self, server):
        self.received = []
        self.answer = None
        self.server = server
        server.daemon = self
        self.thread = threading.Thread(target=server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def verdict(self, content):
        if self.answer is not None:
            return self.answer
        return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        daemon = self.server.daemon
        daemon.received.append(content)
        self.wfile.write(daemon.verdict(content))


def by_tcp():
    """Return a scanner and its address on loopback."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
    return Clamd(server), f"127.0.0.1:{server.server_address[1]}"


def by_socket_file(path):
    """Return a scanner that listens at the path."""
    return Clamd(socketserver.ThreadingUnixStreamServer(str(path), Conversation)), str(path)
