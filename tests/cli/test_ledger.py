"""`bihuan import`: files in, totals on the terminal, a workbook as report."""

import argparse
import csv
import io
import os
import signal
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from app.cli import ledger as command
from app.cli.ledger import add_import_parser
from app.domain.errors import Invalid
from app.gateways import ledger_file
from app.gateways.ledger_file import read_table
from tests.database import connect

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
EXAMPLE = Path(__file__).parents[2] / "examples" / "letters.toml"
HEADINGS = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
RECEIVED = datetime.combine(date(2024, 9, 27), time(10, 15))
ROWS: Sequence[Sequence[Any]] = [
    [101, "某光电公司", "补贴没有到账", RECEIVED, "\t\n\t公示期满，未到账。\u3000", "已拨付。", "2024/10/10 17:00"],
    ["102", "某食品公司", "=1+1", "2024年9月27日", "窗口答复不一。", "@已说明。", "2024-10-11"],
    ["103", "某食品公司", "路灯不亮", "上周", "园区路灯不亮。", "", ""],
]


def write_workbook(path: Path, rows: Iterable[Sequence[Any]], *, sheet: str = "来信") -> Path:
    options = {"strings_to_formulas": False, "default_date_format": "yyyy/m/d h:mm:ss"}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.add_worksheet("说明").write(0, 0, "以下为来信")
        for place, row in enumerate([HEADINGS, *rows]):
            (workbook.get_worksheet_by_name(sheet) or workbook.add_worksheet(sheet)).write_row(place, 0, row)
    return path


def write_csv(path: Path, rows: Iterable[Sequence[Any]], *, encoding: str, delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([HEADINGS, *rows])
    path.write_bytes(text.getvalue().encode(encoding, "surrogateescape"))
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "台账.xlsx", ROWS)


@pytest.fixture
def take_in(bihuan: Run, capsys: Output) -> Run:
    """Run the import on a migrated database with the packaged policies; return its exit code."""
    assert bihuan("migrate") == 0
    capsys.readouterr()

    def run(file: Path, *options: object) -> int:
        parser = argparse.ArgumentParser()
        add_import_parser(parser.add_subparsers(required=True))
        arguments = ["import", file, "--jurisdiction", "gedian", "--columns", EXAMPLE, *options]
        namespace = parser.parse_args(list(map(str, arguments)))
        code: int = namespace.run(namespace)
        return code

    return run


def sheet(path: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def test_an_import_prints_the_totals_and_every_refusal(take_in: Run, ledger: Path, capsys: Output) -> None:
    assert take_in(ledger, "--sheet", "来信") == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert {"读取行数：3", "已导入：2", "已存在：0", "拒收：1", "按期：1", "超期：1"} <= set(lines)
    assert {"5个工作日内答复：1/2（50.00%）", "15个工作日内答复：2/2（100.00%）", "用时工作日最大值：6"} <= set(lines)
    assert lines[-1].startswith("第4行 留言时间：「上周」不是可识别的时间")
    assert told.err == ""


def test_the_report_holds_rows_totals_and_refusals(take_in: Run, ledger: Path, tmp_path: Path) -> None:
    report = tmp_path / "报告.xlsx"
    assert take_in(ledger, "--sheet", "来信", "--report", report) == 0
    head, first, second, third = sheet(report, "明细")
    answers = [dict(zip(head, row, strict=True)) for row in (first, second, third)]
    assert [(one["行号"], one["外部编号"], one["结果"]) for one in answers] == [
        (2, "101", "已导入"),
        (3, "102", "已导入"),
        (4, "103", "拒收"),
    ]
    assert (answers[0]["收到时间"], answers[0]["期限"], answers[0]["到期日"]) == (
        "2024-09-27 10:15:00",
        "5个工作日",
        "2024-10-10",
    )
    assert dict(sheet(report, "汇总"))["15个工作日内答复"] == "2/2（100.00%）"
    assert [row[:2] for row in sheet(report, "拒收")] == [["行号", "列"], [4, "留言时间"]]


def test_what_looks_like_a_formula_stays_text_in_the_report(take_in: Run, ledger: Path, tmp_path: Path) -> None:
    report = tmp_path / "报告.xlsx"
    assert take_in(ledger, "--sheet", "来信", "--report", report) == 0
    assert sheet(report, "明细")[2][3] == "=1+1"
    with zipfile.ZipFile(report) as parts:
        detail = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in detail
    assert 'state="frozen"' in detail
    assert '<autoFilter ref="A1:N4"/>' in detail


def test_a_second_import_finds_everything_and_a_trial_run_writes_nothing(
    take_in: Run, ledger: Path, capsys: Output, database_url: str
) -> None:
    outputs = []
    for options in (["--dry-run"], [], []):
        assert take_in(ledger, "--sheet", "来信", *options) == 0
        outputs.append(capsys.readouterr().out.splitlines())
        with connect(database_url) as connection:
            outputs[-1].append(str(connection.execute("SELECT count(*) FROM appeal").fetchone()))
    trial, first, second = outputs
    assert {"方式：试运行，未写入任何数据", "已导入：2", "(0,)"} <= set(trial)
    assert {"方式：导入", "已导入：2", "(2,)"} <= set(first)
    assert {"已导入：0", "已存在：2", "拒收：1", "(2,)", "按期：1"} <= set(second)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gbk", ","), ("utf-8-sig", "\t")]
)
def test_a_csv_file_is_read_in_its_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["1", "公司", "标题", "2024/9/27", "第一行\r\n第二行，“引号”", "", ""]]
    table = read_table(write_csv(tmp_path / "台账.csv", rows, encoding=encoding, delimiter=delimiter))
    assert table == [HEADINGS, *rows]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_byte_spoils_its_own_row_only(take_in: Run, tmp_path: Path, capsys: Output, encoding: str) -> None:
    rows = [[str(number), "公司", "标题", "2024/9/27", "内容", "", ""] for number in (1, 2, 3)]
    path = write_csv(tmp_path / "台账.csv", rows, encoding=encoding)
    lines = path.read_bytes().split(b"\r\n")
    lines[2] = lines[2].replace("内容".encode(encoding), "内容".encode(encoding) + b"\xff\xff")
    path.write_bytes(b"\r\n".join(lines))
    assert take_in(path) == 0
    told = capsys.readouterr().out.splitlines()
    assert "已导入：2" in told
    assert told[-1].startswith("第3行 留言详情：含有不可用的字符（U+DCFF）")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("没有.xlsx", None, "无法读取，请核对路径与权限"),
        ("台账.docx", b"PK", "请另存为 .xlsx 或 .csv"),
        ("台账.xlsx", b"not a workbook", "无法作为工作簿读取"),
        ("台账.xlsx", b"", "无法作为工作簿读取"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match=reason):
        read_table(tmp_path / name)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="没有工作表「台账」，文件中有：说明、来信"):
        read_table(ledger, sheet="台账")
    with pytest.raises(Invalid, match="CSV 文件没有工作表"):
        read_table(write_csv(tmp_path / "台账.csv", [], encoding="utf-8"), sheet="来信")


def test_what_is_too_large_is_refused(tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = write_csv(tmp_path / "台账.csv", ROWS, encoding="utf-8")
    huge = tmp_path / "巨.csv"
    huge.touch()
    os.truncate(huge, ledger_file.LARGEST_FILE + 1)
    with pytest.raises(Invalid, match="最大200MB"):
        read_table(huge)
    monkeypatch.setattr(ledger_file, "MOST_ROWS", 3)
    for path, name in ((text, None), (ledger, "来信")):
        with pytest.raises(Invalid, match="超过3行，一次最多导入3行"):
            read_table(path, sheet=name)


def test_a_report_that_cannot_be_written_is_refused_before_any_row(
    take_in: Run, ledger: Path, tmp_path: Path, database_url: str
) -> None:
    for report, reason in (
        (tmp_path / "报告.pdf", "应以 .xlsx 结尾"),
        (ledger, "不能覆盖台账本身"),
        (tmp_path / "没有" / "报告.xlsx", "无法写到"),
    ):
        with pytest.raises(Invalid, match=reason):
            take_in(ledger, "--sheet", "来信", "--report", report)
    with connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM appeal").fetchone() == (0,)


def test_headings_that_do_not_fit_the_map_are_named(take_in: Run, ledger: Path) -> None:
    with pytest.raises(Invalid, match="台账现有的列：以下为来信") as refusal:
        take_in(ledger)
    assert ("标题", "没有名为「留言主题」或「标题」的列") in [(one.field, one.reason) for one in refusal.value.faults]


def test_progress_is_told_to_a_terminal_only(
    take_in: Run, ledger: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert take_in(ledger, "--sheet", "来信", "--dry-run") == 0
    assert capsys.readouterr().err == "\r已处理3/3行\n"
    assert take_in(ledger, "--sheet", "来信", "--dry-run", "--quiet") == 0
    assert capsys.readouterr().err == ""


class ImpatientTerminal(io.StringIO):
    """A terminal at which somebody presses Ctrl-C at the first word of progress."""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if "已处理" in text:
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_an_interrupted_import_keeps_whole_rows_and_says_how_to_go_on(
    take_in: Run, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[number, "公司", "标题", "2024/9/27", "内容", "已办。", "2024/9/30"] for number in range(1, 104)]
    terminal = ImpatientTerminal()
    monkeypatch.setattr("sys.stderr", terminal)
    path = write_workbook(tmp_path / "台账.xlsx", rows)
    # The event loop answers Ctrl-C only where nobody has put a handler in place of Python's own.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert take_in(path, "--sheet", "来信") == command.INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, before)
    assert "已导入的行都是完整的" in terminal.getvalue()
    with connect(database_url) as connection:
        question = "SELECT count(*), (SELECT count(*) FROM event), (SELECT count(*) FROM reply) FROM appeal"
        assert connection.execute(question).fetchone() == (100, 500, 100)
