"""`bihuan retention`: erase the words of appeals that were closed long ago."""

import argparse
from dataclasses import replace

from app.cli.arguments import Commands, read_instant
from app.cli.database import read_settings
from app.cli.offices import in_office
from app.domain.clock import office_day
from app.domain.retention import erasable_before, rule_said
from app.domain.roles import SYSTEM
from app.services.office import Office
from app.services.retention import Schedule, count_expired, erase_expired
from app.system_time import utc_now

BY_COMMAND = replace(SYSTEM, name="系统（命令行）")


def add_retention_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("retention", help="到期销毁：销号多年的诉求只留编号、时限与结果")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    run = commands.add_parser("run", help="销毁一次；后台任务每夜也会做")
    run.add_argument("--now", metavar="时间", type=read_instant, help="当作现在的时间，用于演示和补做")
    run.add_argument("--dry-run", action="store_true", help="只报告将销毁多少件，不改动任何数据")
    run.set_defaults(run=run_retention)


def run_retention(namespace: argparse.Namespace) -> int:
    """Erase, or count what would be erased, and print the rule with the number."""
    schedule = Schedule(read_settings().retention_years, BY_COMMAND)
    now = namespace.now or utc_now()

    async def act(office: Office) -> int:
        work = count_expired if namespace.dry_run else erase_expired
        return await work(office, schedule, now=now)

    count, last = in_office(act), office_day(erasable_before(now, schedule.years))
    said = "将销毁" if namespace.dry_run else "已销毁"
    print(f"{said}{count}件（{last:%Y-%m-%d}之前销号；规则：{rule_said(schedule.years)}）")
    return 0
