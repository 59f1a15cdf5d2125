"""The program's commands, and how a refusal reaches the person who typed one."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from app.cli.accounts import add_account_parser
from app.cli.arguments import BAD_ARGUMENTS, ChineseParser, Commands
from app.cli.attachments import add_attachments_parser
from app.cli.audit import add_audit_parser
from app.cli.calendars import add_calendar_parser
from app.cli.due import add_due_parser
from app.cli.keys import add_keys_parser
from app.cli.ledger import add_import_parser
from app.cli.migrating import add_migrate_parser
from app.cli.policies import add_policy_parser
from app.cli.retention import add_retention_parser
from app.cli.serving import add_serving_parsers
from app.cli.sweeping import add_sweep_parser
from app.cli.working import add_worker_parser
from app.domain.errors import DomainError, Invalid
from app.domain.policy_fault import PolicyRefused

INTERRUPTED = 130
COMMANDS: tuple[Callable[[Commands], None], ...] = (
    add_serving_parsers,
    add_worker_parser,
    add_sweep_parser,
    add_migrate_parser,
    add_account_parser,
    add_import_parser,
    add_policy_parser,
    add_calendar_parser,
    add_due_parser,
    add_audit_parser,
    add_attachments_parser,
    add_keys_parser,
    add_retention_parser,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 for a refusal, which is told on the error stream."""
    namespace = make_parser().parse_args(argv)
    try:
        code: int = namespace.run(namespace)
    except DomainError as refusal:
        print("\n".join(told(refusal)), file=sys.stderr)
        return BAD_ARGUMENTS
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser: argparse.ArgumentParser = ChineseParser(prog="bihuan", description="闭环：企业诉求限时办结")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for add in COMMANDS:
        add(commands)
    return parser


def told(refusal: DomainError) -> Iterator[str]:
    """Return what a refusal says, line by line."""
    yield refusal.message
    if isinstance(refusal, Invalid) and not isinstance(refusal, PolicyRefused):
        yield from (f"  {fault.field}：{fault.reason}" for fault in refusal.faults)
