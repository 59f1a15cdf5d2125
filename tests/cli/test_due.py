"""The command `due`: one date, a stream of them, and what it says to bad arguments."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from app.calendars import load_calendar
from app.cli.due import add_due_parser, due_batch, due_one
from app.domain.errors import Invalid

FILED = "2024-09-27T10:15+08:00"
CALENDAR = load_calendar()


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_due_parser(parser.add_subparsers(required=True))
    namespace = parser.parse_args(["due", *arguments])
    code: int = namespace.run(namespace)
    return code


def answers(*lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in due_batch(lines, CALENDAR)]


def test_json_names_the_day_the_exclusive_instant_and_whether_it_is_projected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--received", FILED, "--limit", "5 WD", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "due_day": "2024-10-10",
        "due_at": "2024-10-11T00:00:00+08:00",
        "provisional": False,
        "clause": None,
        "calendar": CALENDAR.version,
    }


def test_plain_text_is_chinese_and_warns_of_a_projection(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--received", "2026-12-28T09:00+08:00", "--limit", "5 WD", "--clause", "葛店53") == 0
    assert capsys.readouterr().out.splitlines() == [
        "到期日：2027年1月5日（周二）",
        "自2027-01-06 00:00:00（北京时间）起即为超期",
        "注意：2027年放假通知尚未发布，以上为推算，不得据以认定超期",
        "条款：葛店53",
    ]


def test_pauses_extensions_and_switches_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    pause = "2026-02-13T10:00+08:00/2026-02-25T10:00+08:00"
    options = ("--pause", pause, "--extend", "1 WD", "--extend", "1 d", "--switch", "close_of_business", "--json")
    assert run("--received", "2026-02-10T09:00+08:00", "--limit", "15 WD", *options) == 0
    assert json.loads(capsys.readouterr().out)["due_at"] == "2026-03-17T17:30:00+08:00"


def test_explain_lists_the_days_and_says_where_the_limit_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--received", FILED, "--limit", "5 WD", "--explain") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "期限由提问者直接给出，未注明条款。" in lines
    assert lines[-1] == "2024-10-10 周四 计 工作日，第5个工作日"


def test_explain_with_json_is_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--received", FILED, "--limit", "5 WD", "--explain", "--json", "--clause", "葛店53") == 0
    explanation = json.loads(capsys.readouterr().out)["explanation"]
    assert explanation["sentences"][-1] == "期限依据：葛店53。"
    assert explanation["days"][2]["kind"] == "make_up"
    assert explanation["notices"][0]["number"] == "国办发明电〔2023〕7号"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "缺少收到时间"),
        (("--received", FILED), "缺少期限"),
        (("--received", "2024-09-27T10:15", "--limit", "5 WD"), "没有时区"),
        (("--received", "昨天", "--limit", "5 WD"), "无法识别"),
        (("--received", FILED, "--limit", "5 days"), "无法识别"),
        (("--received", FILED, "--limit", "5 WD", "--pause", FILED), "起与止两个时间"),
        (("--received", FILED, "--limit", "5 WD", "--pause", f"{FILED}/"), "没有到期日"),
        (("--received", FILED, "--limit", "5 WD", "--extend", "x"), "无法识别"),
        (
            ("--received", FILED, "--limit", "5 WD", "--switch", "x"),
            "没有这个开关，可用的有：deemed_receipt、close_of_business",
        ),
        (("--received", FILED, "--batch", "-"), "不能与 --received"),
        (("--batch", "/no/such/file"), "文件/no/such/file无法读取"),
    ],
)
def test_bad_arguments_are_told_in_chinese_with_code_2(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    streams = capsys.readouterr()
    assert message in streams.err
    assert streams.out == ""


def test_a_batch_answers_every_line_in_order_and_no_bad_line_stops_it() -> None:
    told = answers(
        json.dumps({"id": "a", "received": FILED, "limit": "5 WD"}),
        "not json\n",
        "\n",
        "[]",
        json.dumps({"id": 7, "received": FILED}),
        json.dumps({"id": None, "received": FILED, "limit": "5 WD", "switches": ["deemed_receipt"]}),
    )
    assert [line.get("id") for line in told] == ["a", None, None, None, 7, None]
    assert ["error" in line for line in told] == [False, True, True, True, True, False]
    assert told[0]["due_day"] == "2024-10-10"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"received": 5, "limit": "5 WD"}, "无法识别"),
        ({"received": FILED, "limit": 5}, "期限应为字符串"),
        ({"received": FILED, "limit": "5 WD", "pauses": "x"}, "暂停应为数组"),
        ({"received": FILED, "limit": "5 WD", "pauses": [[FILED, None]]}, "没有到期日"),
        ({"received": FILED, "limit": "5 WD", "pause": []}, "请改为「pauses」"),
        ({"received": FILED, "limit": "5 WD", "extension": []}, "请改为「extensions」"),
        ({"received": "9999-12-31T23:59-08:00", "limit": "5 WD"}, "应在2007年至2100年之间"),
        ({"received": "2100-12-31T23:59+08:00", "limit": "99 h"}, "超出工作日历范围"),
        ({"received": "0001-01-01T00:00+14:00", "limit": "5 d"}, "应在2007年至2100年之间"),
        ({"received": FILED, "limit": "99999 m"}, "期限过长，以m计最多120"),
        ({"received": "2100-12-01T09:00+08:00", "limit": "99 WD"}, "超出工作日历范围"),
    ],
)
def test_a_line_that_cannot_be_counted_says_why(line: dict[str, Any], message: str) -> None:
    (told,) = answers(json.dumps(line))
    assert message in told["error"]


def test_fields_of_the_sender_are_left_alone() -> None:
    (told,) = answers(json.dumps({"received": FILED, "limit": "5 WD", "why": "x", "due_day": "x"}))
    assert told["due_day"] == "2024-10-10"


def test_a_file_may_start_with_a_mark_and_hold_a_line_of_broken_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = json.dumps({"received": FILED, "limit": "5 WD"}).encode()
    (tmp_path / "lines").write_bytes(b"\xef\xbb\xbf" + good + b'\r\n{"id": "\xff"}\n' + good)
    assert run("--batch", str(tmp_path / "lines"), "--json") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["error" in line for line in told] == [False, True, False]


def test_the_answer_can_be_had_without_the_command_line() -> None:
    assert due_one({"received": FILED, "limit": "5 WD"})["due_day"] == "2024-10-10"
    with pytest.raises(Invalid, match="无法识别"):
        due_one({"received": FILED, "limit": ""})


def test_a_batch_is_lazy_so_that_a_stream_needs_no_end() -> None:
    def endless() -> Any:
        while True:
            yield json.dumps({"received": FILED, "limit": "5 WD"})

    stream = due_batch(endless(), CALENDAR)
    assert json.loads(next(stream))["due_day"] == "2024-10-10"
