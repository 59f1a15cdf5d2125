"""`bihuan sweep`: announce what has come due, now or by a given instant."""

import argparse

from app.cli.arguments import Commands, read_instant
from app.cli.offices import in_office
from app.services.office import Office
from app.services.sweeping import SweepCount, sweep
from app.system_time import utc_now


def add_sweep_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("sweep", help="巡查一次时限：提醒、认定超期、发出督办")
    parser.add_argument("--now", metavar="时间", type=read_instant, help="当作现在的时间，用于演示和补查")
    parser.set_defaults(run=run_sweep)


def run_sweep(namespace: argparse.Namespace) -> int:
    """Sweep once and print how many acts of each kind were announced."""

    async def act(office: Office) -> SweepCount:
        return await sweep(office, now=namespace.now or utc_now())

    count = in_office(act)
    print(f"提醒 {count.warned}  超期 {count.breached}  督办 {count.ordered}  届满 {count.ended}")
    return 0
