"""Making a database ready: the newest schema, and the calendar and the policies that come with the program."""

import sys
from argparse import Namespace

from alembic import command
from alembic.config import Config

from app.config import PROJECT
from app.domain.policy_fault import PolicyRefused
from app.policies import LoadedPacks, packaged
from app.services.calendars import seed_calendar
from app.services.office import Office
from app.services.policies import publish_packs
from app.services.resealing import ResealCount, make_missing_copies, reseal
from app.storage import IntegrityError
from app.system_time import utc_now


def migrate(url: str) -> None:
    """Bring a database to the newest schema; several migrators at once wait for one another."""
    command.upgrade(Config(PROJECT / "alembic.ini", cmd_opts=Namespace(x=[f"url={url}"])), "head")


async def publish_packaged(office: Office) -> list[str]:
    """Publish the packs that come with the program; return the jurisdictions that got a new version."""
    return await publish(office, packaged())


async def make_confidential(office: Office) -> ResealCount:
    """Seal contacts that older programs wrote in clear, and make the copies that they did not make."""
    await make_missing_copies(office)
    return await reseal(office)


async def publish(office: Office, packs: LoadedPacks) -> list[str]:
    """Publish what can be used and report the rest on the error stream."""
    report_refused(packs.refused)
    try:
        return await _publish(office, packs)
    except IntegrityError:
        # Another process published some of them in the meantime; those are known now.
        return await _publish(office, packs)


def report_refused(refused: list[PolicyRefused]) -> None:
    """Say of every pack that cannot be used in which line what is wrong, and how to mend it."""
    for one in refused:
        print(one.message, file=sys.stderr)
    if refused:
        print(f"以上{len(refused)}个规则包没有发布，原来的版本继续有效。", file=sys.stderr)


def published_line(jurisdictions: list[str]) -> str:
    """Return in one line what was published."""
    return f"已发布规则包：{'、'.join(jurisdictions)}" if jurisdictions else "规则包没有变化"


async def _publish(office: Office, packs: LoadedPacks) -> list[str]:
    now = utc_now()
    async with office.work() as work:
        await seed_calendar(work, now=now)
        return await publish_packs(work, packs.packs.values(), now=now)
