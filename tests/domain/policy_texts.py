"""Short pack texts for the tests of policies; the first line after the head is line 9."""

from typing import Any

from app.domain.policy import Policy
from app.domain.policy_reader import build_policy, read_pack
from app.policies import packaged

HEAD = """\
[policy]
jurisdiction = "test"
name = "测试区"
parent = "hubei"
version = "2025.1"
effective_on = 2025-01-01
prefix = "TS"

"""


def pack(jurisdiction: str) -> dict[str, Any]:
    """Return the packaged data of a jurisdiction."""
    return dict(packaged().packs[jurisdiction].data)


def policy(jurisdiction: str) -> Policy:
    """Return the packaged policy of a jurisdiction."""
    return build_policy(pack(jurisdiction))


def child(body: str = "", *, head: str = HEAD) -> dict[str, Any]:
    """Read a child of the Hubei pack with this body."""
    return read_pack(head + body, file_name="test.toml", parent=pack("hubei"))
