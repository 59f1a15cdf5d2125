"""Subscriptions to announcements: their states, and what narrows them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from app.domain.errors import Conflict, NotAllowed
from app.domain.roles import DEPARTMENT_ROLES, OFFICE_ROLES, Actor, Role

MOST_SUBSCRIPTIONS: Final = 10
LONGEST_OVERLAP: Final = timedelta(days=7)
SUBSCRIBERS: Final = DEPARTMENT_ROLES | OFFICE_ROLES | {Role.ENTERPRISE, Role.CONNECTOR}
"""Whoever reaches appeals; nobody else has anything to be told of."""


class SubscriptionState(StrEnum):
    """Whether announcements are sent; whatever the state, they are kept."""

    UNPROVEN = "unproven"
    ACTIVE = "active"
    PAUSED = "paused"
    PARKED = "parked"
    DISABLED = "disabled"


STATE_NAMES: Final = {
    SubscriptionState.UNPROVEN: "待验证（请发送测试消息）",
    SubscriptionState.ACTIVE: "启用",
    SubscriptionState.PAUSED: "已暂停",
    SubscriptionState.PARKED: "长期失败，已搁置",
    SubscriptionState.DISABLED: "接收方已停用（410）",
}
RESUMABLE: Final = frozenset({SubscriptionState.PAUSED, SubscriptionState.PARKED, SubscriptionState.DISABLED})
GONE_REASON: Final = "接收方答复410，表示不再接收"
PARKED_REASON: Final = "连续36小时没有一次送达"


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows a subscription further than its account's reach; an empty part narrows nothing."""

    jurisdictions: Collection[str] = ()
    departments: Collection[str] = ()
    categories: Collection[str] = ()
    channels: Collection[str] = ()

    def takes(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether an appeal with these facts is within the scope; a category takes those below it."""
        return (
            _within(facts["jurisdiction"], self.jurisdictions)
            and _within(facts["lead_department"], self.departments)
            and _within(facts["channel"], self.channels)
            and (not self.categories or any(str(facts["category"]).startswith(one) for one in self.categories))
        )


def check_subscriber(actor: Actor) -> None:
    """Raise `NotAllowed` for whoever reaches no appeal."""
    if not actor.has(*SUBSCRIBERS):
        raise NotAllowed("订阅只供企业、承办单位、办公室岗位和热线系统使用。", code="role-not-allowed")


def check_room(count: int) -> None:
    """Raise `Conflict` if an account has as many subscriptions as it may have."""
    if count >= MOST_SUBSCRIPTIONS:
        raise Conflict(f"订阅已有{MOST_SUBSCRIPTIONS}个，请先删除不用的。", code="too-many-subscriptions")


def _within(value: object, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted
