"""Administrative acts that concern no appeal: one chain over all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.timeline import chain_digest

ACT_COLUMNS: Final = ("at", "actor_id", "actor_name", "actor_roles", "action", "subject", "payload")


@dataclass(frozen=True, slots=True)
class ActFault:
    """One act whose digest does not fit."""

    act_id: int
    sentence: str


def act_digest(previous: str, act: Mapping[str, Any]) -> str:
    """Return the digest that an act must carry after the one before."""
    return chain_digest(previous, {name: act[name] for name in ACT_COLUMNS})


class ActChain:
    """The chain of acts, verified one by one in the order of their ids."""

    def __init__(self) -> None:
        self._before = ""

    def verify(self, act: Mapping[str, Any]) -> Iterator[ActFault]:
        """Yield the fault of the next act: edited, or something before it edited or taken out."""
        if act_digest(self._before, act) != act["digest"]:
            yield ActFault(act["id"], "内容与它的摘要不符，或前面的记录被改动、删除、增添")
        self._before = act["digest"]
