"""`bihuan audit`: whether what was recorded is still what is there."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import orjson

from app.cli.arguments import Commands
from app.cli.audit_export import add_export_parser
from app.cli.database import read_settings
from app.cli.offices import in_office
from app.domain.anchor import Anchor
from app.domain.audit_record import verify_records
from app.domain.clock import OFFICE_TIMEZONE
from app.domain.examination import Report
from app.gateways.anchor_copies import read_copies
from app.gateways.audit_file import read_records
from app.gateways.signing_key import load_key, load_or_make_key, load_public_key, public_pem
from app.services.audit import seals_of, verify_all, verify_one
from app.services.office import Office
from app.storage.queries.anchors import anchors
from app.system_time import utc_now

FAULTS_FOUND = 1
NOT_TRUSTED = "注意：没有可信的公钥，只核对了签名与锚点自带的公钥相符。请用 --public-key 指定另行保存的公钥。"


def add_audit_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    acts = subparsers.add_parser("audit", help="历史核验与锚点").add_subparsers(metavar="动作", required=True)
    verifying = acts.add_parser("verify", help="核验全部历史、管理操作和锚点；有问题时逐条列出，退出码为1")
    verifying.add_argument("--appeal", metavar="编号", help="只核验一件诉求，以及它有记录的各天的锚点")
    verifying.add_argument("--public-key", metavar="PEM", type=Path, action="append", help="可信的公钥，可多次")
    verifying.add_argument(
        "--anchors", metavar="JSON", type=Path, help="与另行保存的锚点比对（audit anchors --json 的输出）"
    )
    verifying.add_argument("--file", metavar="文件", type=Path, help="核验导出的 .jsonl 文件，不需要数据库")
    verifying.add_argument("--json", action="store_true", help="以JSON输出")
    verifying.set_defaults(run=run_verify)
    listing = acts.add_parser("anchors", help="列出每天的锚点，供另行保存")
    listing.add_argument("--json", action="store_true", help="以JSON输出")
    listing.set_defaults(run=run_anchors)
    add_export_parser(acts)
    acts.add_parser("key", help="显示签名公钥（PEM），供核验者另行保存").set_defaults(run=run_key)


def run_verify(namespace: argparse.Namespace) -> int:
    """Verify and print one line for every fault; return 1 if there is any."""
    trusted, started = _trusted(namespace.public_key), time.monotonic()
    seals = seals_of(trusted, None if namespace.anchors is None else read_copies(namespace.anchors))

    if namespace.file is not None:
        report = verify_records(read_records(namespace.file), seals)
        return tell(report, time.monotonic() - started, trusted=bool(trusted), as_json=namespace.json)

    async def act(office: Office) -> Report:
        if namespace.appeal is not None:
            return await verify_one(office, namespace.appeal, seals)
        return await verify_all(office, seals, now=utc_now())

    report = in_office(act)
    return tell(report, time.monotonic() - started, trusted=bool(trusted), as_json=namespace.json)


def run_anchors(namespace: argparse.Namespace) -> int:
    """Print every anchor, first day first."""

    async def act(office: Office) -> list[Anchor]:
        async with office.look() as work:
            return await anchors(work.connection)

    found = in_office(act)
    if namespace.json:
        print(orjson.dumps([asdict(anchor) for anchor in found], option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(map(_anchor_line, found)) or "还没有锚点：后台任务（worker）会锚定每一个过完的日子。")
    return 0


def run_key(_namespace: argparse.Namespace) -> int:
    """Print the public key that belongs to the key of this machine."""
    key = load_or_make_key(read_settings().anchor_key_file)
    print(public_pem(key.public_key), end="")
    return 0


def tell(report: Report, seconds: float, *, trusted: bool, as_json: bool) -> int:
    """Print what an examination found; return the exit code."""
    if as_json:
        print(orjson.dumps({**asdict(report), "seconds": round(seconds, 3), "trusted_key": trusted}).decode())
    else:
        print("\n".join(_told(report, seconds, trusted=trusted)))
    return FAULTS_FOUND if report.findings else 0


def _told(report: Report, seconds: float, *, trusted: bool) -> Iterator[str]:
    yield from (finding.line for finding in report.findings)
    if not trusted and report.anchors:
        yield NOT_TRUSTED
    verdict = f"发现{len(report.findings)}处问题" if report.findings else "核验通过"
    yield (
        f"{verdict}：诉求{report.appeals}件，流转记录{report.events}条，管理操作{report.acts}条，"
        f"查阅记录{report.accesses}条，锚点{report.anchors}个，用时{seconds:.1f}秒。"
    )


def _trusted(files: list[Path] | None) -> list[str]:
    """Return the keys that are named, else the one of this machine if it has one; none is made here."""
    if files:
        return [load_public_key(file) for file in files]
    own = read_settings().anchor_key_file
    return [load_key(own).public_key] if own.exists() else []


def _anchor_line(anchor: Anchor) -> str:
    recorded = anchor.recorded_at.astimezone(OFFICE_TIMEZONE)
    return (
        f"{anchor.day}  诉求{anchor.appeals}件 流转{anchor.events}条 操作{anchor.acts}条 查阅{anchor.accesses}条  "
        f"{anchor.algorithm} {anchor.digest}  密钥{anchor.key_id}  锚定于{recorded:%Y-%m-%d %H:%M}"
    )
