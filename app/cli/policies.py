"""`bihuan policy`: whether policy packs can be used, and which ones come with the program."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.cli.arguments import Commands
from app.domain.errors import Invalid
from app.domain.policy_building import build_policy
from app.domain.policy_fault import PolicyFault, PolicyRefused
from app.domain.policy_reader import parent_of, read_pack
from app.policies import packaged

FAULTS_FOUND = 1


def add_policy_parser(subparsers: Commands) -> None:
    """Add the command to the program's commands."""
    acts = subparsers.add_parser("policy", help="规则包").add_subparsers(metavar="动作", required=True)
    checking = acts.add_parser("check", help="检查规则包：逐条指出文件、行、问题和改法；有问题时退出码为1")
    checking.add_argument(
        "files", metavar="文件", nargs="*", type=Path, help="不写则检查随程序附带的；上级写在下级之前"
    )
    checking.set_defaults(run=run_check)
    acts.add_parser("list", help="列出随程序附带的规则包").set_defaults(run=run_list)


def run_check(namespace: argparse.Namespace) -> int:
    """Print one line for every fault; return 1 if there is any."""
    refused = list(check_files(namespace.files)) if namespace.files else packaged().refused
    for one in refused:
        print(one.message, file=sys.stderr)
    if refused:
        return FAULTS_FOUND
    print(f"{len(namespace.files or packaged().packs)}个规则包均无问题。")
    return 0


def run_list(_namespace: argparse.Namespace) -> int:
    """Print the packs that come with the program, parents first."""
    for pack in packaged().packs.values():
        policy = build_policy(pack.data)
        above = f"上级 {pack.parent}" if pack.parent else "无上级"
        print(f"{policy.jurisdiction}  {policy.name}  {policy.version}  自{policy.effective_on}起  {above}")
    return 0


def check_files(files: list[Path]) -> Iterator[PolicyRefused]:
    """Return why packs in files cannot be used; a file may stand on those before it and on the packaged ones."""
    known: dict[str, Mapping[str, Any]] = {name: pack.data for name, pack in packaged().packs.items()}
    for file in files:
        try:
            data = _read(file, known)
        except PolicyRefused as refused:
            yield refused
        else:
            known[data["policy"]["jurisdiction"]] = data


def _read(file: Path, known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    text = _text(file)
    return read_pack(text, file_name=file.name, parent=known.get(parent_of(text) or ""))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyRefused(PolicyFault(file.name, 1, "不是 UTF-8 编码的文本", "请另存为 UTF-8 编码")) from None
    except OSError as error:
        raise Invalid(f"文件{file}无法读取，请核对路径与权限。") from error
