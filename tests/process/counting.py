"""Looks at the records after every call that changes something, in whatever house it is put."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.promises import PREFIX, Operation, operations
from tests.house import House

FOLLOWING = {"rate_appeal": ["rate", "rework", "supervise"], "order_rework": ["rework", "supervise"]}
"""What one call may do to one appeal beyond one step: dissatisfaction starts a new round, which is supervised."""
OF_APPEALS = ("/appeals", "/assignments", "/replies", "/supervisions", "/ratings", "/supplements")
"""Where operations are events of appeals; everything else is an act."""
TRACED = (
    "act",
    "event",
    "account",
    "api_key",
    "credential",
    "session",
    "identity",
    "enterprise",
    "enterprise_verification",
)
"""The records, and what acts are about: all that one call writes there it writes in one transaction."""


@dataclass(frozen=True)
class Records:
    """What there is: version and history of each appeal, the acts, and which transactions wrote it."""

    versions: dict[str, int]
    actions: dict[str, list[str]]
    acts: int
    writers: frozenset[str]


@dataclass
class Watch:
    """What the calls of a house recorded, and by operation what was not as it must be."""

    house: House
    everything: list[Operation]
    seen: set[str] = field(default_factory=set)
    wrong: list[tuple[str, Any]] = field(default_factory=list)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        """Ask, and where something may have been changed compare the records with those of before."""
        if method in ("GET", "HEAD"):
            return await httpx.AsyncClient.request(self.house.client, method, url, **more)
        async with self.one_at_a_time:
            before = await self.records()
            answer = await httpx.AsyncClient.request(self.house.client, method, url, **more)
            after = await self.records()
        if answer.status_code < 300 and "idempotent-replayed" not in answer.headers:
            self.compare(self.name_of(method, url), before, after)
        elif before != after:
            self.wrong.append((f"{method} {url}", "refused, and recorded"))
        return answer

    async def records(self) -> Records:
        """Return what there is."""
        appeals = await self.house.rows(
            "SELECT number, version, coalesce((SELECT json_agg(action ORDER BY sequence) FROM event "
            "WHERE appeal_id = a.id), '[]') AS actions FROM appeal a"
        )
        writers = " UNION ".join(f"SELECT xmin::text FROM {table}" for table in TRACED)
        (rest,) = await self.house.rows(f"SELECT (SELECT count(*) FROM act) AS acts, ARRAY({writers}) AS writers")
        versions = {row["number"]: row["version"] for row in appeals}
        actions = {row["number"]: row["actions"] for row in appeals}
        return Records(versions, actions, rest["acts"], frozenset(rest["writers"]))

    def compare(self, name: str, before: Records, after: Records) -> None:
        """Each appeal that changed has one event more for each version more; a call that changes none is one act.

        A call that finds everything done already leaves nothing behind, and has not been seen at work either.
        """
        if before == after:
            return
        self.seen.add(name)
        steps = {one: version - before.versions.get(one, 0) for one, version in after.versions.items()}
        steps = {one: count for one, count in steps.items() if count}
        told = {one: actions[len(before.actions.get(one, [])) :] for one, actions in after.actions.items()}
        told = {one: actions for one, actions in told.items() if actions}
        acts, writers = after.acts - before.acts, after.writers - before.writers
        usual = all(len(one) == 1 or one == FOLLOWING.get(name, [])[-len(one) :] for one in told.values())
        fits = {one: len(actions) for one, actions in told.items()} == steps
        if not fits or not usual or acts != self.acts_of(name) or len(writers) != 1:
            self.wrong.append((name, (steps, told, acts, len(writers))))

    def acts_of(self, name: str) -> int:
        """Return how many acts an operation is: none if it is about an appeal, otherwise one."""
        (operation,) = [one for one in self.everything if one.name == name]
        return int(not operation.path.removeprefix(PREFIX).startswith(OF_APPEALS))

    def name_of(self, method: str, url: str) -> str:
        """Return the operation id of a path."""
        for one in self.everything:
            if one.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", one.path), url.partition("?")[0]):
                return one.name
        raise LookupError(url)


async def watched(house: House) -> Watch:
    """Watch a house from now on, whichever way it is asked."""
    watch = Watch(house, await operations(house))
    vars(house.client)["request"] = watch.request
    return watch
