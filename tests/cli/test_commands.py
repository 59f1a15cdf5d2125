"""What every command has in common: Chinese help, Chinese refusals, exit codes."""

import json
import logging
import sys

import pytest

from app.cli import main
from app.cli.arguments import in_chinese
from app.cli.logs import json_formatter

Output = pytest.CaptureFixture[str]
COMMANDS = [
    "serve", "web", "worker", "sweep", "migrate", "account", "import", "policy", "calendar", "due", "audit", "keys",
    "retention",
]  # fmt: skip


def ended(*arguments: str) -> int:
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: Output) -> None:
    assert ended(command, "--help") == 0
    assert capsys.readouterr().out.startswith(f"用法：bihuan {command}")


def test_the_program_without_a_command_says_what_is_missing(capsys: Output) -> None:
    assert ended() == 2
    assert "缺少参数：命令" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("unrecognized arguments: --x", "不认识的参数：--x"),
        ("argument --port: expected one argument", "参数 --port：后面要有一个值"),
        ("argument year: invalid int value: 'x'", "参数 year：「x」不是整数"),
        ("argument --a: not allowed with argument --b", "参数 --a：不能与 --b 同用"),
        ("something else", "something else"),
    ],
)
def test_what_the_library_says_is_told_in_chinese(said: str, meant: str) -> None:
    assert in_chinese(said) == meant


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("BIHUAN_PORT", "x", "BIHUAN_PORT：应为整数"),
        ("BIHUAN_SWEEP_SECONDS", "0", "BIHUAN_SWEEP_SECONDS：不能小于1"),
        ("BIHUAN_LOG_LEVEL", "LOUD", "BIHUAN_LOG_LEVEL：应为下列之一"),
        ("BIHUAN_TRUSTED_PROXIES", "10.0.0.1/8", "BIHUAN_TRUSTED_PROXIES：应为逗号分隔的网段"),
        ("BIHUAN_TRUSTED_PROXIES", "everybody", "BIHUAN_TRUSTED_PROXIES：应为逗号分隔的网段"),
        ("BIHUAN_BEHIND_TLS", "perhaps", "BIHUAN_BEHIND_TLS：应为 true 或 false"),
        ("BIHUAN_REQUESTS_PER_MINUTE", "0", "BIHUAN_REQUESTS_PER_MINUTE：不能小于1"),
        ("BIHUAN_DATABASE_URL", "sqlite:///x", "只支持 PostgreSQL"),
        ("BIHUAN_DATABASE_URL", "postgresql://127.0.0.1:1/x", "连不上数据库"),
    ],
)
def test_a_wrong_setting_is_named(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv(variable, value)
    assert ended("sweep") == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "٣"])
def test_a_port_is_a_number_in_its_range(port: str, capsys: Output) -> None:
    assert ended("serve", "--port", port) == 2
    assert "--port" in capsys.readouterr().err


def test_a_log_line_is_one_json_object_with_readable_chinese_and_the_places_of_an_exception() -> None:
    try:
        raise ValueError("坏了")
    except ValueError:
        record = logging.LogRecord("bihuan.worker", logging.ERROR, "", 0, "任务%s失败", ("甲",), sys.exc_info())
    line = json_formatter().format(record)
    assert "任务甲失败" in line
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("error", "bihuan.worker")
    assert "test_commands.py" in told["exception"]
    assert told["exception"].endswith("builtins.ValueError\n")
