"""Reads the command line, and says in Chinese what is wrong with it."""

import argparse
import re
from datetime import datetime
from typing import Any, NoReturn, TypeAlias
from uuid import UUID

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

BAD_ARGUMENTS = 2
HIGHEST_PORT = 65_535
# What the library says, and what it means; the groups are names and values that the reader has typed.
TRANSLATIONS = (
    (r"^the following arguments are required: (.+)$", r"缺少参数：\1"),
    (r"^unrecognized arguments: (.+)$", r"不认识的参数：\1"),
    (r"^argument ([^:]+): (.+)$", r"参数 \1：\2"),
    (r"invalid choice: '(.*)' \(choose from (.+)\)$", r"没有「\1」，应为以下之一：\2"),
    (r"expected one argument$", "后面要有一个值"),
    (r"expected at least one argument$", "后面至少要有一个值"),
    (r"invalid int value: '(.*)'$", r"「\1」不是整数"),
    (r"not allowed with argument (.+)$", r"不能与 \1 同用"),
    (r"ignored explicit argument '(.*)'$", r"不需要值「\1」"),
)


class ChineseParser(argparse.ArgumentParser):
    """A parser of arguments whose help and refusals are Chinese; options must be written out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "add_help": False, "allow_abbrev": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def format_help(self) -> str:
        """Return the help."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with code 2."""
        self.exit(BAD_ARGUMENTS, f"{in_chinese(message)}。用法见：{self.prog} --help\n")


def in_chinese(message: str) -> str:
    """Return what the library says about arguments in Chinese, as far as it is known."""
    for pattern, meaning in TRANSLATIONS:
        message = re.sub(pattern, meaning, message)
    return message


def read_instant(text: str) -> datetime:
    """Read an aware instant such as 2026-11-22T10:00+08:00."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        raise argparse.ArgumentTypeError(f"「{text}」应写作2026-11-22T10:00+08:00，须带时区")
    return instant


def read_id(text: str) -> UUID:
    """Read an identifier."""
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是有效的编号") from None


def read_port(text: str) -> int:
    """Read a TCP port."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"「{text}」应为1至{HIGHEST_PORT}之间的整数")
    return int(text)
