"""Whatever an insider does to the records with all rights over the database, an audit finds it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.domain.anchor import Algorithm
from app.gateways.signing_key import load_or_make_key
from app.services.anchors import Notary, anchor_finished_days
from app.services.audit import seals_of, verify_all
from tests.database import fresh_database
from tests.house import House, open_house
from tests.journeys.test_confidential import confidential
from tests.process.test_random_lives import RandomLife
from tests.services.tampering import MENDED, WAYS, found_by, insider

pytestmark = pytest.mark.timeout(1_800)
NORMAL, FULL = 117, 1_014
"""Every way in every manner of mending, three times or twenty-six."""
LIVES, STEPS = 6, 12


class Audited:
    """A house with random lives whose days are all sealed."""

    runner: ClassVar[asyncio.Runner]
    house: ClassVar[House]
    notary: ClassVar[Notary]


@pytest.fixture(scope="module")
def audited(postgres_server: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let some lives be lived, some secrets be read, and time pass until every day is sealed."""
    with fresh_database(postgres_server, template=template_database) as url, asyncio.Runner() as runner:
        opening = open_house(url)
        RandomLife.runner, RandomLife.house = runner, runner.run(opening.__aenter__())
        Audited.runner, Audited.house = runner, RandomLife.house
        Audited.notary = Notary(load_or_make_key(tmp_path_factory.mktemp("key") / "key.pem"), Algorithm.SHA256)
        checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
        few = settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, derandomize=True, suppress_health_check=checks
        )
        run_state_machine_as_test(RandomLife, settings=few)
        runner.run(settle())
        yield
        runner.run(opening.__aexit__(None, None, None))


async def settle() -> None:
    house = Audited.house
    for _ in range(2):
        number, _ = await confidential(house)
        for who in ("leader", "officer"):
            await house.read(number, who)
        house.pass_time(days=2)
    await anchor_finished_days(house.office, Audited.notary, now=house.now)


def trusted() -> str:
    return Audited.notary.key.public_key


def test_the_untouched_database_is_clean(audited: None) -> None:
    report = Audited.runner.run(verify_all(Audited.house.office, seals_of([trusted()]), now=Audited.house.now))
    assert [finding.line for finding in report.findings] == []
    assert (report.appeals, report.acts, report.accesses) >= (LIVES, 2, 4)
    assert report.events > 3 * LIVES
    assert report.anchors > 5


def test_every_tampering_is_found(audited: None, request: pytest.FixtureRequest) -> None:
    times = FULL if request.config.getoption("--full") else NORMAL
    missed, only_by_seals = [], Counter[str]()
    for seed in range(times):
        way, mended = WAYS[seed % len(WAYS)], MENDED[seed // len(WAYS) % len(MENDED)]
        kinds = Audited.runner.run(tampered(seed))
        if not kinds:
            missed.append((seed, way.__name__, mended))
        elif not any(subject != "锚点" for subject in kinds):
            only_by_seals[way.__name__] += 1
    assert missed == []
    # The control: without anchors these would be clean. What was mended whole leaves no other trace.
    assert {"edit", "delete", "insert", "cut_tail", "delete_appeal", "change_act", "change_access"} <= set(
        only_by_seals
    )


async def tampered(seed: int) -> set[str]:
    """Tamper once; return where an audit finds something: at anchors, or elsewhere."""
    way, mended = WAYS[seed % len(WAYS)], MENDED[seed // len(WAYS) % len(MENDED)]
    async with insider(Audited.house, seed) as hand:
        await way(hand, mended)
        report = await found_by(hand, Audited.house, trusted=trusted())
    return {finding.subject.split(" ")[0] for finding in report.findings}


def test_what_was_tampered_with_is_as_before_afterwards(audited: None) -> None:
    report = Audited.runner.run(verify_all(Audited.house.office, seals_of([trusted()]), now=Audited.house.now))
    assert report.findings == []


def test_an_insider_who_changes_nothing_is_not_accused(audited: None) -> None:
    """The control of the hand itself: taking rows out and putting the same back in is clean."""

    async def put_back() -> list[str]:
        async with insider(Audited.house, 1) as hand:
            appeal, events = await hand.some_life()
            await hand.keep(appeal, events, mended="everything")
            return [finding.line for finding in (await found_by(hand, Audited.house, trusted=trusted())).findings]

    assert Audited.runner.run(put_back()) == []


def test_an_insider_with_a_key_of_their_own_who_seals_everything_anew_is_found(audited: None, tmp_path: Path) -> None:
    other = Notary(load_or_make_key(tmp_path / "other.pem"), Algorithm.SHA256)

    async def reseal() -> set[str]:
        async with insider(Audited.house, 2) as hand:
            await WAYS[0](hand, "everything")
            await hand.run("UPDATE anchor SET public_key = :key", key=other.key.public_key)
            return {one.kind for one in (await found_by(hand, Audited.house, trusted=trusted())).findings}

    assert "foreign_key" in Audited.runner.run(reseal())
