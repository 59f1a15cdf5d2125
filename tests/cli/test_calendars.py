"""`bihuan calendar`: what it shows, and how a notice is put forward, previewed, approved and withdrawn."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.database import connect

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
EXAMPLES = Path(__file__).parents[2] / "examples" / "notices"
NOTICE = EXAMPLES / "2027-example.toml"
ACCOUNTS = {
    "督查甲": ("--role", "supervisor", "--jurisdiction", "gedian"),
    "领导乙": ("--role", "leader", "--jurisdiction", "gedian"),
    "窗口丙": ("--role", "clerk", "--jurisdiction", "gedian"),
}


def shown(year: int, output: Output) -> dict[str, Any]:
    assert main(["calendar", "show", str(year), "--json"]) == 0
    answer: dict[str, Any] = json.loads(output.readouterr().out)
    return answer


def test_a_published_year_has_its_notice_and_its_days(capsys: Output) -> None:
    year = shown(2026, capsys)
    assert (year["published"], year["working_days"]) == (True, 248)
    assert year["notice"]["number"] == "国办发明电〔2025〕7号"
    assert {"day": "2026-02-14", "weekday": "周六", "name": "春节"} in year["make_up_days"]
    assert {"day": "2026-10-01", "weekday": "周四", "name": "国庆节"} in year["days_off"]


def test_a_year_without_a_notice_is_called_a_projection_and_is_no_error(capsys: Output) -> None:
    assert main(["calendar", "show", "2027"]) == 0
    assert capsys.readouterr().out.startswith("2027年的放假通知尚未发布")
    assert shown(2027, capsys)["notice"] is None


def test_plain_text_names_the_notice_and_every_make_up_day(capsys: Output) -> None:
    assert main(["calendar", "show", "2026"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2026年：《国务院办公厅关于2026年部分节假日安排的通知》（国办发明电〔2025〕7号）"
    assert lines[lines.index("调休上班日：") + 1] == "  2026-01-04 周日 元旦"


@pytest.mark.parametrize("year", ["0", "1990", "2101", "99999"])
def test_a_year_that_the_calendar_does_not_hold_is_refused(year: str, capsys: Output) -> None:
    assert main(["calendar", "show", year]) == 2
    assert "2007-01-01至2100-12-31" in capsys.readouterr().err


# Publishing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(bihuan: Run, capsys: Output) -> Run:
    """Run commands in an office with a supervisor, a leader and a clerk."""
    assert bihuan("migrate") == 0
    for name, scope in ACCOUNTS.items():
        assert bihuan("account", "create", "--name", name, *scope) == 0
    capsys.readouterr()
    return bihuan


def put_forward(office: Run, output: Output, file: Path = NOTICE, by: str = "督查甲") -> str:
    """Publish a file and return the id of the notice."""
    assert office("calendar", "publish", str(file), "--by", by) == 0
    (line,) = [line for line in output.readouterr().out.splitlines() if line.startswith("通知编号：")]
    return line.removeprefix("通知编号：")


def status(office: Run, output: Output) -> dict[str, Any]:
    assert office("calendar", "status", "--json") == 0
    answer: dict[str, Any] = json.loads(output.readouterr().out)
    return answer


def stored(database_url: str) -> object:
    with connect(database_url) as connection:
        query = "SELECT (SELECT count(*) FROM calendar_publication), (SELECT count(*) FROM calendar)"
        return connection.execute(query).fetchone()


def test_a_fresh_database_has_the_packaged_calendar_in_force(office: Run, capsys: Output) -> None:
    now = status(office, capsys)
    (country,) = now["regions"]
    assert (country["region"], country["published_until"]) == ("CN", "2026-12-31")
    assert (now["waiting"], now["open_publications"], len(now["history"])) == ([], 0, 1)


@pytest.mark.parametrize("suffix", ["toml", "json", "csv"])
def test_a_notice_is_published_by_two_persons(office: Run, capsys: Output, suffix: str) -> None:
    publication = put_forward(office, capsys, EXAMPLES / f"2027-example.{suffix}")
    assert status(office, capsys)["open_publications"] == 1

    assert office("calendar", "preview", publication, "--by", "领导乙") == 0
    assert "状态：待批准" in capsys.readouterr().out
    assert office("calendar", "approve", publication, "--by", "督查甲") != 0
    assert "另一人" in capsys.readouterr().err

    assert office("calendar", "approve", publication, "--by", "领导乙") == 0
    assert capsys.readouterr().out.startswith("已启用日历 CN-2027-")
    now = status(office, capsys)
    assert (now["regions"][0]["published_until"], now["open_publications"]) == ("2027-12-31", 0)
    assert [row["superseded_at"] is None for row in now["history"]] == [True, False]

    assert office("calendar", "approve", publication, "--by", "领导乙") != 0
    assert "已启用" in capsys.readouterr().err


def test_what_is_done_in_the_name_of_somebody_is_recorded_as_done_at_the_command_line(
    office: Run, capsys: Output, database_url: str
) -> None:
    publication = put_forward(office, capsys)
    assert office("calendar", "approve", publication, "--by", "领导乙") == 0
    with connect(database_url) as connection:
        acts = connection.execute("SELECT action, actor_name FROM act WHERE subject = %s ORDER BY id", [publication])
        assert acts.fetchall() == [
            ("calendar.proposed", "督查甲（命令行）"),
            ("calendar.approved", "领导乙（命令行）"),
        ]


def test_the_plain_status_says_until_when_notices_are_published(office: Run, capsys: Output) -> None:
    put_forward(office, capsys)
    assert office("calendar", "status") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("放假通知已发布至2026年" in line for line in lines)
    assert lines[-1] == "待批准或待生效的通知：1份"


def test_a_preview_is_written_as_a_table(office: Run, capsys: Output, tmp_path: Path) -> None:
    publication, table = put_forward(office, capsys), tmp_path / "清单.csv"
    assert office("calendar", "preview", publication, "--by", "领导乙", "--csv", str(table)) == 0
    with table.open(encoding="utf-8-sig", newline="") as opened:
        (head,) = csv.reader(opened)
    assert head[:3] == ["诉求编号", "时限", "企业"]


def test_a_table_that_cannot_be_written_is_refused(office: Run, capsys: Output, tmp_path: Path) -> None:
    publication = put_forward(office, capsys)
    nowhere = str(tmp_path / "没有" / "清单.csv")
    assert office("calendar", "preview", publication, "--by", "领导乙", "--csv", nowhere) == 2
    assert "无法写" in capsys.readouterr().err


def test_a_withdrawn_notice_never_comes_into_force(office: Run, capsys: Output) -> None:
    publication = put_forward(office, capsys)
    assert office("calendar", "withdraw", publication, "--reason", "与原文不符", "--by", "督查甲") == 0
    assert "现行日历不变" in capsys.readouterr().out
    assert office("calendar", "approve", publication, "--by", "领导乙") != 0
    assert "已撤回" in capsys.readouterr().err
    assert status(office, capsys)["regions"][0]["published_until"] == "2026-12-31"


def test_a_notice_that_waits_for_its_instant_is_said_to_wait(office: Run, capsys: Output, tmp_path: Path) -> None:
    later = tmp_path / "later.toml"
    later.write_text(
        "effective_at = 2099-01-01T00:00:00+08:00\n" + NOTICE.read_text(encoding="utf-8"), encoding="utf-8"
    )
    publication = put_forward(office, capsys, later)
    assert office("calendar", "approve", publication, "--by", "领导乙") == 0
    assert capsys.readouterr().out.startswith("已批准，将于2099年1月1日（周四）00:00（北京时间）自动启用。")
    assert status(office, capsys)["open_publications"] == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("没有.toml", None, "无法读取"),
        ("通知.docx", b"PK", "应为 .toml、.json 或 .csv"),
        ("通知.toml", "year = 2027 # 元旦".encode("gb18030"), "不是UTF-8"),
        ("通知.toml", b"year = = 2027", "第1行不是有效的TOML"),
        ("通知.json", b'{"year": 2027', "不是有效的JSON"),
        ("通知.csv", b"a,b\n1,2\n", "放假通知无法读取"),
        ("通知.toml", b"year = 2027", "notice"),
        ("通知.toml", NOTICE.read_bytes().replace(b"2027", b"2029"), "缺少2027年的放假通知"),
        ("通知.toml", b"", "year"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_and_nothing_is_kept(
    office: Run, capsys: Output, tmp_path: Path, database_url: str, name: str, content: bytes | None, sentence: str
) -> None:
    file, before = tmp_path / name, stored(database_url)
    if content is not None:
        file.write_bytes(content)
    assert office("calendar", "publish", str(file), "--by", "督查甲") == 2
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert stored(database_url) == before


@pytest.mark.parametrize(("by", "sentence"), [("窗口丙", "只有系统管理员或督查室"), ("无此人", "没有这个账号")])
def test_who_may_not_or_is_not_known_publishes_nothing(
    office: Run, capsys: Output, database_url: str, by: str, sentence: str
) -> None:
    before = stored(database_url)
    assert office("calendar", "publish", str(NOTICE), "--by", by) != 0
    assert sentence in capsys.readouterr().err
    assert stored(database_url) == before


def test_two_accounts_of_one_name_are_told_apart_by_their_id(office: Run, capsys: Output) -> None:
    assert office("account", "create", "--name", "督查甲", *ACCOUNTS["督查甲"], "--json") == 0
    namesake = json.loads(capsys.readouterr().out)["account_id"]
    assert office("calendar", "publish", str(NOTICE), "--by", "督查甲") != 0
    assert "多个同名账号" in capsys.readouterr().err
    assert put_forward(office, capsys, by=namesake)


@pytest.mark.parametrize("act", [("preview",), ("approve",), ("withdraw", "--reason", "不")])
def test_an_unknown_notice_is_refused(office: Run, capsys: Output, act: tuple[str, ...]) -> None:
    verb, *options = act
    unknown = "00000000-0000-7000-8000-000000000000"
    assert office("calendar", verb, unknown, *options, "--by", "领导乙") != 0
    assert capsys.readouterr().err.strip()
    assert office("calendar", verb, "7", *options, "--by", "领导乙") == 2
    assert "不是有效的编号" in capsys.readouterr().err
