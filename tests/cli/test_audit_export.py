"""`bihuan audit export`: what is taken away verifies without a database, and shows whatever was changed in it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.cli.sealing import notary_of
from app.config import Settings
from app.domain.roles import Actor, Role
from app.services.accesses import note_access
from app.services.anchors import anchor_finished_days
from app.services.appeals import Filing, add_enterprise, file_appeal
from app.services.office import Office
from app.storage.ids import new_id
from tests.cli.test_audit import NOW
from tests.worker.filing import FILED, file_in, office_on

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
DAYS = ("--since", "2026-11-16", "--until", "2026-11-17")


@pytest.fixture
def lived(bihuan: Run, capsys: Output, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two appeals, one of them confidential and read, in days that are sealed; return the confidential one's number."""
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BIHUAN_ANCHOR_KEY", raising=False)
    monkeypatch.setattr("app.cli.preparing.utc_now", lambda: FILED)
    monkeypatch.setattr("app.cli.audit.utc_now", lambda: NOW)
    monkeypatch.setattr("app.cli.audit_export.utc_now", lambda: NOW)
    assert bihuan("migrate") == 0
    number = asyncio.run(live(database_url))
    capsys.readouterr()
    return number


async def live(url: str) -> str:
    async with office_on(url) as office:
        await file_in(office)
        number = await file_in_confidence(office)
        await anchor_finished_days(office, notary_of(Settings()), now=NOW)
    return number


async def file_in_confidence(office: Office) -> str:
    async with office.work() as work:
        enterprise = add_enterprise(work, name="=1+1", uscc=None, now=FILED)
        actor = Actor(new_id(FILED), "=cmd()", frozenset({Role.ENTERPRISE}), enterprise_id=enterprise)
        filing = Filing(jurisdiction="jingmen", title="举报", text="不便公开。", category="02", confidential=True)
        case = await file_appeal(work, filing, actor=actor, now=FILED)
    reader = Actor(new_id(FILED), "李四", frozenset({Role.LEADER}), jurisdictions=frozenset({"jingmen"}))
    async with office.look() as work:
        await note_access(work, case.appeal, "read_appeal", actor=reader, now=FILED)
    return case.appeal.number


def exported(bihuan: Run, tmp_path: Path, *more: str, name: str = "out.jsonl") -> Path:
    path = tmp_path / name
    assert bihuan("audit", "export", *DAYS, *more, str(path)) == 0
    return path


def verified(bihuan: Run, output: Output, path: Path, *more: str) -> list[str]:
    output.readouterr()
    code = bihuan("audit", "verify", "--file", str(path), "--json", *more)
    findings = json.loads(output.readouterr().out)["findings"]
    assert code == (1 if findings else 0)
    return [f"{one['subject']} {one['kind']}" for one in findings]


def rewritten(path: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    change(records)
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))


def of(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [record for record in records if record["record"] == kind]


def test_an_export_verifies_without_a_database(
    lived: str, bihuan: Run, capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = exported(bihuan, tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    assert verified(bihuan, capsys, path) == []
    kinds = [json.loads(line)["record"] for line in path.read_text().splitlines()]
    assert [kind for place, kind in enumerate(kinds) if kind != kinds[place - 1]] == [
        "export", "anchor", "appeal", "event", "appeal", "event", "act", "access", "end",
    ]  # fmt: skip


def test_what_is_done_to_accounts_is_taken_away_with_it(
    lived: str, bihuan: Run, capsys: Output, tmp_path: Path
) -> None:
    assert bihuan("account", "create", "--name", "审计", "--role", "auditor") == 0
    path = exported(bihuan, tmp_path)
    assert verified(bihuan, capsys, path) == []
    act = of([json.loads(line) for line in path.read_text().splitlines()], "act")[-1]
    assert (act["action"], act["actor_name"], act["payload"]["name"]) == ("account.created", "命令行", "审计")

    def rename(records: list[dict[str, Any]]) -> None:
        of(records, "act")[-1]["payload"]["name"] = "另一个"

    rewritten(path, rename)
    assert verified(bihuan, capsys, path) == ["管理操作 edited"]


CHANGES: dict[str, tuple[Callable[[list[dict[str, Any]]], None], str]] = {
    "a name": (lambda records: of(records, "event")[0].update(actor_name="别人"), "edited"),
    "a reason": (lambda records: of(records, "event")[0].update(reason="别的"), "edited"),
    "the end of an appeal": (lambda records: of(records, "appeal")[0].update(chain_head="x"), "head"),
    "a reading": (lambda records: of(records, "access")[0].update(actor_name="别人"), "content"),
    "an act": (lambda records: of(records, "act")[0].update(subject="别的"), "edited"),
    "an anchor": (lambda records: of(records, "anchor")[0].update(events=9), "edited"),
    "a line less": (lambda records: records.remove(of(records, "access")[0]), "incomplete"),
    "no end": (lambda records: records.remove(records[-1]), "incomplete"),
    "no beginning": (lambda records: records.remove(records[0]), "incomplete"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_in_the_file_is_found(
    lived: str, bihuan: Run, capsys: Output, tmp_path: Path, name: str
) -> None:
    change, kind = CHANGES[name]
    path = exported(bihuan, tmp_path)
    rewritten(path, change)
    assert kind in {line.split(" ")[-1] for line in verified(bihuan, capsys, path)}


def test_an_appeal_left_out_whole_is_found_by_the_anchor(
    lived: str, bihuan: Run, capsys: Output, tmp_path: Path
) -> None:
    path = exported(bihuan, tmp_path)

    def leave_out(records: list[dict[str, Any]]) -> None:
        for record in (of(records, "appeal")[-1], of(records, "event")[-1]):
            records.remove(record)
        records[-1]["records"] -= 2

    rewritten(path, leave_out)
    assert verified(bihuan, capsys, path) == ["锚点 2026-11-16 content"]


@pytest.mark.parametrize("chosen", ["--jurisdiction", "--appeal"])
def test_a_part_has_only_what_was_asked_for_and_verifies_too(
    lived: str, bihuan: Run, capsys: Output, tmp_path: Path, chosen: str
) -> None:
    path = exported(bihuan, tmp_path, chosen, "jingmen" if chosen == "--jurisdiction" else lived)
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["number"] for one in of(records, "appeal")] == [lived]
    assert len(of(records, "access")) == 1
    assert len(of(records, "act")) == (0 if chosen == "--appeal" else 2)
    assert verified(bihuan, capsys, path) == []


def test_days_in_which_nothing_happened_hold_no_appeal(lived: str, bihuan: Run, capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "later.jsonl"
    assert bihuan("audit", "export", "--since", "2026-11-17", "--until", "2026-11-18", str(path)) == 0
    assert of([json.loads(line) for line in path.read_text().splitlines()], "appeal") == []
    assert verified(bihuan, capsys, path) == []


def test_a_workbook_is_chinese_and_runs_no_formula(lived: str, bihuan: Run, tmp_path: Path) -> None:
    path = exported(bihuan, tmp_path, name="out.xlsx")
    workbook = CalamineWorkbook.from_path(str(path))
    assert workbook.sheet_names == ["流转记录", "管理操作", "查阅记录", "锚点"]
    acts = workbook.get_sheet_by_name("管理操作").to_python()
    assert [row[4:6] for row in acts] == [
        ["动作", "动作代码"],
        ["启用内置工作日历", "calendar.seeded"],
        ["发布办理规则", "policy.published"],
    ]
    rows = workbook.get_sheet_by_name("流转记录").to_python()
    assert rows[0][:4] == ["诉求编号", "序号", "动作", "人员"]
    assert {row[3] for row in rows[1:]} == {"葛店光电", "=cmd()"}
    readings = workbook.get_sheet_by_name("查阅记录").to_python()
    assert readings[1][:4] == [lived, "2026-11-16 09:30:00", "李四", "分管（包联）领导"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*DAYS, "out.csv"), "应以 .jsonl 或 .xlsx 结尾"),
        (("--since", "2026-11-17", "--until", "2026-11-16", "x.jsonl"), "起止日期颠倒"),
        (("--since", "昨天", "--until", "2026-11-16", "x.jsonl"), "应写作2026-11-22"),
        ((*DAYS, "--jurisdiction", "nowhere", "x.jsonl"), "没有这个辖区"),
        ((*DAYS, "/nowhere/x.jsonl"), "无法写到"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_chinese(
    bihuan: Run,
    capsys: Output,
    arguments: tuple[str, ...],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bihuan("audit", "export", *arguments) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("junk", ["x", "[]", "{}", '{"record": "nothing"}', '{"record": "appeal"}'])
def test_a_file_that_is_no_export_is_refused(bihuan: Run, capsys: Output, tmp_path: Path, junk: str) -> None:
    path = tmp_path / "junk.jsonl"
    path.write_text(junk + "\n" + junk + "\n")
    assert bihuan("audit", "verify", "--file", str(path)) == 2
    assert "不是导出的记录" in capsys.readouterr().err
