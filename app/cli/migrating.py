"""`bihuan migrate`: the newest schema, and the policies that come with the program."""

import argparse
import sys
from argparse import Namespace

from alembic import command
from alembic.config import Config

from app.cli.arguments import Commands
from app.cli.database import HEAD, database, in_office, read_settings
from app.config import PROJECT
from app.domain.policy_fault import PolicyRefused
from app.policies import LoadedPacks, packaged
from app.services.office import Office
from app.services.policies import publish_packs
from app.storage import IntegrityError
from app.system_time import utc_now


def add_migrate_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("migrate", help="升级数据库结构，并发布随程序附带的规则包")
    parser.set_defaults(run=run_migrate)


def run_migrate(_namespace: argparse.Namespace) -> int:
    """Run the command. A broken pack is reported and changes nothing: the version before stays in force."""
    with database(read_settings()) as url:
        migrate(url)
    print(f"数据库结构：{HEAD.read_text(encoding='utf-8').strip()}")
    print(published_line(in_office(publish_packaged)))
    return 0


def migrate(url: str) -> None:
    """Bring a database to the newest schema; several migrators at once wait for one another."""
    command.upgrade(Config(PROJECT / "alembic.ini", cmd_opts=Namespace(x=[f"url={url}"])), "head")


async def publish_packaged(office: Office) -> list[str]:
    """Publish the packs that come with the program; return the jurisdictions that got a new version."""
    return await publish(office, packaged())


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
    async with office.work() as work:
        return await publish_packs(work, packs.packs.values(), now=utc_now())
