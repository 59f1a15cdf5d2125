"""Looks at the records after every call that changes something, in whatever house it is put."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.promises import PREFIX, Operation, operations
from tests.house import House

FOLLOWING = {"rate_appeal": ["rate", "rework", "supervise"], "order_rework": ["rework", "supervise"]}
"""What one call may do to one appeal beyond one step: dissatisfaction starts a new round, which is supervised."""


@dataclass(frozen=True)
class Records:
    """What there is: the version and the actions in the history of each appeal, and the number of acts."""

    versions: dict[str, int]
    actions: dict[str, list[str]]
    acts: int


@dataclass
class Watch:
    """What the calls of a house recorded, and by operation what was not as it must be."""

    house: House
    everything: list[Operation]
    seen: set[str] = field(default_factory=set)
    wrong: list[tuple[str, Any]] = field(default_factory=list)

    async def ask(self, who: str | None, method: str, path: str, *rest: Any, **more: Any) -> httpx.Response:
        """Ask, and where something may have been changed compare the records with those of before."""
        if method == "GET":
            return await House.ask(self.house, who, method, path, *rest, **more)
        before = await self.records()
        answer = await House.ask(self.house, who, method, path, *rest, **more)
        after = await self.records()
        if answer.status_code < 300:
            self.compare(self.name_of(method, path), before, after)
        elif before != after:
            self.wrong.append((f"{method} {path}", "refused, and recorded"))
        return answer

    async def records(self) -> Records:
        """Return what there is."""
        appeals = await self.house.rows(
            "SELECT number, version, coalesce((SELECT json_agg(action ORDER BY sequence) FROM event "
            "WHERE appeal_id = a.id), '[]') AS actions FROM appeal a"
        )
        (acts,) = await self.house.rows("SELECT count(*) AS n FROM act")
        versions = {row["number"]: row["version"] for row in appeals}
        return Records(versions, {row["number"]: row["actions"] for row in appeals}, acts["n"])

    def compare(self, name: str, before: Records, after: Records) -> None:
        """Each appeal that changed has one event more for each version more; a call that changes none is one act."""
        self.seen.add(name)
        steps = {one: version - before.versions.get(one, 0) for one, version in after.versions.items()}
        steps = {one: count for one, count in steps.items() if count}
        told = {one: actions[len(before.actions.get(one, [])) :] for one, actions in after.actions.items()}
        told = {one: actions for one, actions in told.items() if actions}
        acts = after.acts - before.acts
        usual = all(len(one) == 1 or one == FOLLOWING.get(name, [])[-len(one) :] for one in told.values())
        if {one: len(actions) for one, actions in told.items()} != steps or not usual or acts != self.acts_of(name):
            self.wrong.append((name, (steps, told, acts)))

    def acts_of(self, name: str) -> int:
        """Return how many acts an operation is: one if it is about no single appeal, none if it is about one."""
        (operation,) = [one for one in self.everything if one.name == name]
        return int(any(part in operation.path for part in ("/calendars/", "/contact-searches")))

    def name_of(self, method: str, path: str) -> str:
        """Return the operation id of a path."""
        for one in self.everything:
            pattern = re.sub(r"{\w+}", "[^/]+", one.path.removeprefix(PREFIX))
            if one.method == method and re.fullmatch(pattern, path.partition("?")[0]):
                return one.name
        raise LookupError(path)


async def watched(house: House) -> Watch:
    """Watch a house from now on."""
    watch = Watch(house, await operations(house))
    vars(house)["ask"] = watch.ask
    return watch
