"""The receiver that others copy: run as it stands, with somebody else's signatures and with ours."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from app.domain.egress import Networks
from app.domain.webhook_signature import new_secret
from app.gateways.egress import Egress
from app.gateways.webhook_sender import WebhookSender
from app.services.webhook_secrets import signed_headers

EXAMPLES = Path(__file__).parents[1] / "examples"
SECRET = new_secret()
BODY = b'{"type":"appeal.assigned","version":1,"sequence":2,"data":{}}'
HOME = Networks.of("127.0.0.0/8")


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    """Run the example and return its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(EXAMPLES / "receiver.py"), str(port)]
    environment = {**os.environ, "BIHUAN_SECRET": SECRET}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
        process.terminate()


def post(url: str, headers: dict[str, str], body: bytes = BODY) -> int:
    return httpx.post(url, headers=headers, content=body, trust_env=False, timeout=10).status_code


def theirs(message_id: str, at: datetime) -> dict[str, str]:
    """Return the headers of a message that the public package has signed."""
    signature = Webhook(SECRET).sign(message_id, at, BODY.decode())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def test_it_takes_what_the_public_package_has_signed_and_nothing_else(receiver: str) -> None:
    now = datetime.now(UTC)
    good = theirs("msg_1", now)
    assert [post(receiver, good), post(receiver, good)] == [204, 204], "a repetition is answered alike"
    assert post(receiver, good, BODY + b" ") == 401
    assert post(receiver, {**good, "webhook-id": "msg_2"}) == 401
    assert post(receiver, theirs("msg_3", now - timedelta(minutes=6))) == 401
    for junk in ("", "v1", "v1,", "v1,%%%", "v2,AAAA"):
        assert post(receiver, {**good, "webhook-signature": junk}) == 401, junk


async def test_it_takes_what_leaves_here(receiver: str) -> None:
    sender = WebhookSender(Egress(HOME))
    headers = signed_headers([new_secret(), SECRET], "msg_4", datetime.now(UTC), BODY)
    assert (await sender.send(receiver, headers=headers, body=BODY)).status == 204
    other = signed_headers([new_secret()], "msg_5", datetime.now(UTC), BODY)
    assert (await sender.send(receiver, headers=other, body=BODY)).status == 401


async def test_it_is_not_reached_where_the_network_is_not_allowed(receiver: str) -> None:
    headers = signed_headers([SECRET], "msg_6", datetime.now(UTC), BODY)
    outcome = await WebhookSender(Egress(Networks())).send(receiver, headers=headers, body=BODY)
    assert (outcome.status, outcome.failure) == (None, "blocked")
