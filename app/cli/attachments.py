"""`bihuan attachments check`: whether rows and files fit together."""

import argparse

from app.api.upload import shelf_of
from app.cli.arguments import Commands
from app.cli.offices import in_office
from app.services.attachment_care import GRACE, CareReport, check_attachments
from app.services.office import Office
from app.system_time import utc_now

UNSOUND = 1


def add_attachments_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    parser = subparsers.add_parser("attachments", help="核对附件：记录与文件是否一一对应")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    check = commands.add_parser("check", help="列出缺失、损坏的附件和无主文件；只读取，不清理")
    check.add_argument("--hashes", action="store_true", help="逐个读取内容，核对 SHA-256")
    check.set_defaults(run=run_check)


def run_check(namespace: argparse.Namespace) -> int:
    """Compare and print; return 1 where a file is missing or not what it was."""

    async def act(office: Office) -> CareReport:
        return await check_attachments(office, shelf_of(office), now=utc_now(), hashes=namespace.hashes)

    report = in_office(act)
    for name, found in (("缺失", report.lost), ("损坏", report.damaged)):
        for number, attachment_id in found:
            print(f"{name}  {number}  {attachment_id}")
    for file_id in report.orphans:
        print(f"无主  {file_id}")
    hours = int(GRACE.total_seconds() // 3600)
    print(
        f"附件 {report.rows}  文件 {report.files}  缺失 {len(report.lost)}  损坏 {len(report.damaged)}  "
        f"无主（超过{hours}小时，由后台任务清理） {len(report.orphans)}"
    )
    return 0 if report.is_sound else UNSOUND
