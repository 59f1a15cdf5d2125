"""`bihuan migrate`: the newest schema, the policies that come with the program, and contacts sealed."""

import argparse

from app.cli.arguments import Commands
from app.cli.database import HEAD, database, read_settings
from app.cli.keys import resealed_line
from app.cli.offices import in_office
from app.cli.preparing import make_confidential, migrate, publish_packaged, published_line


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
    print(resealed_line(in_office(make_confidential)))
    return 0
