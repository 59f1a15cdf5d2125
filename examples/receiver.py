"""A receiver of announcements: verifies each, takes it once, answers 204. Copy it, and put your own work into `take`.

    BIHUAN_SECRET=whsec_… python examples/receiver.py 9000

Python's standard library is all that it needs. Behind it stands whatever ends TLS: subscriptions go to https only.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["BIHUAN_SECRET"].removeprefix("whsec_"))
TOLERANCE_SECONDS = 300
LARGEST_BODY = 1_048_576
TAKEN: set[str] = set()  # Keep the ids in your database: a repetition may come days later, after a restart.


def take(announcement: dict[str, object]) -> None:
    """Do with an announcement whatever it is for; what takes long is put into a queue of your own."""
    sys.stdout.write(f"{announcement['sequence']} {announcement['type']} {announcement['data']}\n")


def is_genuine(headers: dict[str, str], body: bytes) -> bool:
    """Tell whether a message was signed with our secret, and not long ago."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    mac = hmac.new(SECRET, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(mac).decode()}"
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 for what was taken, now or before, and 401 for what is not genuine."""

    def do_POST(self) -> None:
        """Take one message."""
        length = int(self.headers.get("content-length", "0"))
        if not 0 < length <= LARGEST_BODY:
            self._answer(413)
            return
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not is_genuine(headers, body):
            self._answer(401)
            return
        if headers["webhook-id"] not in TAKEN:
            take(json.loads(body))
            TAKEN.add(headers["webhook-id"])
        self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: bodies and headers belong into no log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
