"""Service commitments: what each document publishes, and what citing one comes to."""

import json
from dataclasses import replace

import pytest

from app.domain.citation import Assessment, Citation, assess, verdict_name
from app.domain.clock import Switch
from app.domain.commitment import Basis, Commitment
from app.domain.document import Mark, Standing
from app.domain.errors import Invalid
from app.domain.limit import HOW_TO_WRITE
from app.domain.policy_fault import PolicyRefused
from app.domain.policy_reader import build_policy
from app.domain.verdict import CitationVerdict
from tests.domain.cases import CALENDAR, at, day
from tests.domain.policy_texts import child, pack, policy

PROMISE, AVERAGE, BEST_EFFORT = Basis
KEPT, RUNNING, BREACHED, BEYOND_AVERAGE, PROJECTED = CitationVerdict

PUBLISHED = {
    "gedian": {
        # code: limit, basis, item, the figure as the document writes it
        "power_high_voltage": ("30 WD", AVERAGE, "5", "30 个工作日以内（不含用户自建工程）"),
        "power_low_voltage_external": ("10 WD", AVERAGE, "5", "有外部工程的办电时间压缩至 10 个工作日以内"),
        "power_low_voltage": ("3 WD", AVERAGE, "5", "无外部工程的办电时间压缩至 3 个工作日以内"),
        "power_household": ("2 WD", PROMISE, "5", "居民用户办电时间压缩至 2 个工作日以内"),
        "water_supply": ("1 WD", PROMISE, "8", "即1个工作日"),
        "construction_class_1": ("30 WD", PROMISE, "16", "30、45、40、35、30个工作日"),
        "construction_class_2": ("45 WD", PROMISE, "16", "30、45、40、35、30个工作日"),
        "construction_class_3": ("40 WD", PROMISE, "16", "30、45、40、35、30个工作日"),
        "construction_class_4": ("35 WD", PROMISE, "16", "30、45、40、35、30个工作日"),
        "construction_class_5": ("30 WD", PROMISE, "16", "30、45、40、35、30个工作日"),
        "power_connection_approval": ("3 WD", PROMISE, "19", "审批时限压缩至3个工作日以内"),
        "company_registration": ("0.5 WD", PROMISE, "23、25", "设立登记时限压缩至0.5个工作日内"),
        "company_setup": ("0.5 WD", PROMISE, "23、25", "将开办企业的时限压缩至0.5个工作日"),
        "company_change": ("0.5 WD", PROMISE, "23、25", "企业变更登记0.5个工作日办结"),
        "deregistration_notice": ("20 d", PROMISE, "26", "公告20天以内"),
        "property_registration": ("2 WH", PROMISE, "41", "2小时办结"),
        "tax_misreport": ("1 WD", PROMISE, "43", "1个工作日内办结"),
        "taxpayer_deregistration": ("10 WD", PROMISE, "43", "纳税人注销10个工作日内办结"),
        "export_refund": ("3 WD", AVERAGE, "43", "平均办理时间压减至3个工作日内"),
        "policy_refund": ("5 d", BEST_EFFORT, "43", "力争5日内办结"),
        "special_policy_refund": ("10 d", BEST_EFFORT, "43", "力争10日内办结"),
        "bank_loan": ("8 d", AVERAGE, "11、12", "办理时间不超过8天"),
    },
    "jingmen": {
        "credit_repair": ("2 WD", PROMISE, "10", "受理和初审时间缩短为2个工作日"),
        "contract_filing": ("10 WD", PROMISE, "8", "签约后10个工作日内"),
        "case_filing_review": ("7 WD", PROMISE, "20", "补正材料后7个工作日审核完毕"),
        "fast_track_trial": ("30 d", PROMISE, "19", "审理期限不超过30天"),
        "ip_trial": ("3 m", PROMISE, "21", "3个月内审结"),
        "ip_fast_handling": ("2 m", PROMISE, "21", "2个月内办结"),
        "import_clearance": ("6 h", AVERAGE, "26", "6小时"),
        "export_refund": ("3 WD", AVERAGE, "29", "平均办理时间压缩至3个工作日之内"),
        "bank_credit": ("3 WD", PROMISE, "36、39", "3个工作日授信"),
    },
    "hongshan": {},
    "jingzhou": {},
    "hubei": {},
}


@pytest.mark.parametrize("jurisdiction", PUBLISHED)
def test_a_pack_publishes_the_commitments_of_its_own_document_and_no_others(jurisdiction: str) -> None:
    assert set(policy(jurisdiction).commitments) == set(PUBLISHED[jurisdiction])


ROWS = [(jurisdiction, code, *row) for jurisdiction, rows in PUBLISHED.items() for code, row in rows.items()]


@pytest.mark.parametrize(("jurisdiction", "code", "limit", "basis", "item", "words"), ROWS)
def test_a_commitment_has_the_figure_basis_and_words_of_its_document(
    jurisdiction: str, code: str, limit: str, basis: Basis, item: str, words: str
) -> None:
    one = policy(jurisdiction).commitment(code)
    assert (str(one.limit), one.basis, one.clause.mark, one.clause.item) == (limit, basis, Mark.DEMANDED, item)
    assert words in one.clause.words
    assert all((one.name, one.starts, one.ends))


def test_a_draft_is_cited_as_a_draft() -> None:
    clauses = [one.clause for one in policy("jingmen").commitments.values()]
    assert {one.standing for one in clauses} == {Standing.DRAFT}
    assert all("征求意见稿" in one.chinese for one in clauses)


def test_a_district_may_cite_what_its_city_publishes() -> None:
    assert policy("dongbao").commitments == policy("jingmen").commitments


def test_time_that_the_document_leaves_out_is_named() -> None:
    assert policy("gedian").commitment("power_high_voltage").excludes == "用户自建工程的时间"


def test_a_version_from_before_there_were_commitments_is_still_read() -> None:
    data = pack("gedian")
    older = {section: rows for section, rows in data.items() if section != "commitment"}
    assert build_policy(json.loads(json.dumps(older))).commitments == {}


OWN = """\
[[document]]
id = "own"
title = "本区方案"
issuer = "本区"
standing = "issued"
[[commitment]]
code = "water"
name = "用水报装"
limit = "1 WD"
starts = "申请"
ends = "通水"
basis = "promise"
clause = { document = "own", item = "8", words = "即1个工作日", mark = "demanded" }
"""
SECOND = OWN[OWN.index("[[commitment]]") :]
FAULTS = {
    "an unknown key": (
        'ends = "通水"',
        'end = "通水"\nends = "通水"',
        "第19行：承诺 water 的键 end 无法识别；"
        "请删除，或改为 code、name、limit、starts、ends、basis、clause、excludes 之一。",
    ),
    "a code given twice": (OWN, OWN + SECOND, "第23行：承诺 water 重复；请删除一项，或改用其他编号。"),
    "no words": (', words = "即1个工作日"', "", "第21行：承诺 water 缺少条款原文；请在 clause 中填写 words。"),
    "no item": (', item = "8"', "", "第21行：承诺 water 缺少条款项号；请在 clause 中填写 item。"),
    "no words of a practice": (
        'item = "8", words = "即1个工作日", mark = "demanded"',
        'mark = "practice"',
        "第21行：承诺 water 缺少条款原文；请在 clause 中填写 words。",
    ),
    "no start": ('starts = "申请"\n', "", "第14行：承诺 water 缺少 starts；请填写带引号的文字，不能为空。"),
    "no clause": (
        'clause = { document = "own", item = "8", words = "即1个工作日", mark = "demanded" }\n',
        "",
        "第14行：承诺 water 缺少条款；请填写 clause（document、item、words、mark）。",
    ),
    "an unknown basis": (
        '"promise"',
        '"hope"',
        "第20行：承诺 water 的 basis「hope」无法使用；请改为 promise、average、best_effort 之一。",
    ),
    "a limit without a unit": (
        '"1 WD"',
        '"1天"',
        f"第17行：承诺 water 的 limit「1天」无法使用；{HOW_TO_WRITE}。",
    ),
    "an unknown document": (
        'document = "own"',
        'document = "other"',
        "第21行：承诺 water 的条款所引文件 other 不存在；"
        f"请改为 {'、'.join((*pack('hubei')['document'], 'own'))} 之一，或登记 [[document]]。",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_commitment_is_refused_with_line_reason_and_remedy(old: str, new: str, message: str) -> None:
    assert OWN.count(old) == 1
    with pytest.raises(PolicyRefused) as refused:
        child(OWN.replace(old, new))
    assert refused.value.message == f"test.toml {message}"


def test_the_commitment_that_the_faults_are_made_of_has_none() -> None:
    assert set(build_policy(child(OWN)).commitments) == {"water"}


GEDIAN = policy("gedian")


def judged(
    code: str,
    started: str,
    ended: str | None = None,
    *pauses: tuple[str, str],
    now: str = "2026-06-01 09:30",
    of: Commitment | None = None,
    switch: str = "",
) -> Assessment:
    """Judge one citation; times are Shanghai's."""
    citation = Citation(
        commitment=code,
        started_at=at(started),
        ended_at=None if ended is None else at(ended),
        pauses=tuple((at(begin), at(end)) for begin, end in pauses),
        evidence="受理单",
    )
    switches = frozenset(map(Switch, filter(None, [switch])))
    return assess(citation, of or GEDIAN.commitment(code), CALENDAR, switches=switches, now=at(now))


MONDAY = "2026-03-02 09:30"
LAST = "23:59:59.999999"
VERDICTS = [
    # code, started, ended, filed, due day, verdict, working days late
    ("power_household", MONDAY, f"2026-03-04 {LAST}", "2026-03-09", "2026-03-04", KEPT, None),
    ("power_household", MONDAY, "2026-03-05", "2026-03-09", "2026-03-04", BREACHED, 1),
    ("power_household", MONDAY, "2026-03-09 10:00", "2026-03-09 11:00", "2026-03-04", BREACHED, 3),
    ("power_household", MONDAY, None, f"2026-03-04 {LAST}", "2026-03-04", RUNNING, None),
    ("power_household", MONDAY, None, "2026-03-05", "2026-03-04", BREACHED, 1),
    ("power_household", MONDAY, None, "2026-03-08 10:00", "2026-03-04", BREACHED, 2),  # a Sunday adds none
    ("power_household", MONDAY, MONDAY, MONDAY, "2026-03-04", KEPT, None),
    ("power_household", "2026-02-13 17:00", None, "2026-02-24 12:00", "2026-02-24", RUNNING, None),  # over 春节
    ("power_low_voltage", MONDAY, f"2026-03-05 {LAST}", "2026-03-09", "2026-03-05", KEPT, None),
    ("power_low_voltage", MONDAY, "2026-03-06", "2026-03-09", "2026-03-05", BEYOND_AVERAGE, 1),
    ("power_low_voltage", MONDAY, None, "2026-03-10", "2026-03-05", BEYOND_AVERAGE, 3),
    ("power_low_voltage", MONDAY, None, "2026-03-04", "2026-03-05", RUNNING, None),
    ("policy_refund", MONDAY, f"2026-03-09 {LAST}", "2026-03-11", "2026-03-09", KEPT, None),  # a Saturday rolls
    ("policy_refund", MONDAY, "2026-03-10", "2026-03-11", "2026-03-09", BEYOND_AVERAGE, 1),
    ("deregistration_notice", MONDAY, None, "2026-03-24", "2026-03-23", BREACHED, 1),  # 20 日, a Sunday rolls
    ("property_registration", "2026-03-03 11:00", "2026-03-03 14:59", "2026-03-04", "2026-03-03", KEPT, None),
    ("property_registration", "2026-03-03 11:00", "2026-03-03 15:00", "2026-03-04", "2026-03-03", BREACHED, 0),
    ("property_registration", "2026-03-03 16:30", "2026-03-04 09:29", "2026-03-04 10:00", "2026-03-04", KEPT, None),
]


@pytest.mark.parametrize(("code", "started", "ended", "filed", "due", "verdict", "late_by"), VERDICTS)
def test_a_citation_is_judged_as_of_the_filing(
    code: str, started: str, ended: str | None, filed: str, due: str, verdict: CitationVerdict, late_by: int | None
) -> None:
    found = judged(code, started, ended, now=filed)
    assert (found.due.day, found.verdict, found.late_by) == (day(due), verdict, late_by)


HALF_DAYS = [
    # 葛店 23, 25: started, ended, due, verdict, working days late
    ("2026-03-03 09:00", f"2026-03-03 {LAST}", "2026-03-04 00:00", KEPT, None),
    ("2026-03-03 09:00", "2026-03-04 00:00", "2026-03-04 00:00", BREACHED, 1),
    ("2026-03-03 11:59:59.999999", "2026-03-03 17:00", "2026-03-04 00:00", KEPT, None),
    ("2026-03-03 12:00", "2026-03-04 11:59:59.999999", "2026-03-04 12:00", KEPT, None),
    ("2026-03-03 12:00", "2026-03-04 12:00", "2026-03-04 12:00", BREACHED, 0),
    ("2026-03-06 15:00", "2026-03-09 11:00", "2026-03-09 12:00", KEPT, None),
    ("2026-03-06 15:00", "2026-03-09 13:00", "2026-03-09 12:00", BREACHED, 0),
    ("2026-02-14 09:00", "2026-02-14 18:00", "2026-02-15 00:00", KEPT, None),  # a make-up Saturday has a morning
    ("2026-02-14 13:00", "2026-02-24 11:00", "2026-02-24 12:00", KEPT, None),  # and a noon before 春节
]


@pytest.mark.parametrize("code", ["company_registration", "company_setup", "company_change"])
@pytest.mark.parametrize(("started", "ended", "due", "verdict", "late_by"), HALF_DAYS)
def test_half_a_working_day_ends_with_the_day_or_at_noon_of_the_next(
    code: str, started: str, ended: str, due: str, verdict: CitationVerdict, late_by: int | None
) -> None:
    found = judged(code, started, ended)
    assert (found.due.at, found.verdict, found.late_by) == (at(due), verdict, late_by)


def test_other_documents_are_counted_in_their_own_units() -> None:
    jingmen = policy("jingmen")
    trial = judged("ip_trial", "2025-11-17 14:00", of=jingmen.commitment("ip_trial"), now="2026-02-25")
    customs = judged(
        "import_clearance", "2026-03-03 22:00", "2026-03-04 04:00", of=jingmen.commitment("import_clearance")
    )
    assert (trial.due.day, trial.verdict, trial.late_by) == (day("2026-02-24"), BREACHED, 1)
    assert (customs.due.at, customs.verdict, customs.late_by) == (at("2026-03-04 04:00"), BEYOND_AVERAGE, 0)


def test_own_building_work_is_left_out_as_a_pause() -> None:
    code, ended = "power_high_voltage", "2026-04-20 10:00"
    building = ("2026-03-04 09:00", "2026-03-16 09:00")
    assert (judged(code, MONDAY, ended).verdict, judged(code, MONDAY, ended).due.day) == (
        BEYOND_AVERAGE,
        day("2026-04-14"),
    )
    without = judged(code, MONDAY, ended, building)
    assert (without.verdict, without.due.day) == (KEPT, day("2026-04-27"))
    assert any("用户自建工程" in sentence for sentence in without.sentences)


def test_the_policys_switches_count() -> None:
    late = "2026-03-04 18:00"
    assert judged("power_household", MONDAY, late).verdict is KEPT
    assert judged("power_household", MONDAY, late, switch="close_of_business").verdict is BREACHED


@pytest.mark.parametrize("ended", [None, "2027-01-20 10:00"])
def test_nothing_is_said_where_the_due_day_is_only_projected(ended: str | None) -> None:
    found = judged("power_household", "2026-12-31 09:00", ended, now="2027-02-01 09:00")
    assert (found.due.provisional, found.verdict, found.late_by) == (True, PROJECTED, None)
    assert any("不作认定" in sentence for sentence in found.sentences)


SINGLE = [(name, code) for name in ("gedian", "jingmen") for code in PUBLISHED[name]]
FIGURES = [(name, code) for name, code in SINGLE if PUBLISHED[name][code][1] is not PROMISE]


@pytest.mark.parametrize(("jurisdiction", "code"), FIGURES)
def test_no_single_case_breaks_an_average_or_a_best_effort(jurisdiction: str, code: str) -> None:
    one = policy(jurisdiction).commitment(code)
    found = judged(code, "2025-03-03 09:00", "2026-03-02 09:00", of=one)
    promised = judged(code, "2025-03-03 09:00", "2026-03-02 09:00", of=replace(one, basis=PROMISE))
    assert (found.verdict, promised.verdict) == (BEYOND_AVERAGE, BREACHED)
    assert found.late_by == promised.late_by
    assert not any("超过承诺时限" in sentence for sentence in found.sentences)
    assert any("超过承诺时限" in sentence for sentence in promised.sentences), "or nothing would be told apart"
    assert any("单个办件超过它不等于违反承诺" in sentence for sentence in found.sentences)


NAMES = {
    (BREACHED, PROMISE): "超过承诺时限",
    (BEYOND_AVERAGE, AVERAGE): "超过所公布的平均时限",
    (BEYOND_AVERAGE, BEST_EFFORT): "超过所公布的力争时限",
    (KEPT, PROMISE): "在承诺时限之内",
    (KEPT, AVERAGE): "在所公布的平均时限之内",
    (RUNNING, PROMISE): "尚未到期",
    (PROJECTED, AVERAGE): "到期日为推算，不作认定",
}


@pytest.mark.parametrize(("verdict", "basis"), NAMES)
def test_a_verdict_is_named_by_what_its_figure_is(verdict: CitationVerdict, basis: Basis) -> None:
    assert verdict_name(verdict, basis) == NAMES[verdict, basis]


def test_the_sentences_can_be_annexed_to_a_letter() -> None:
    found = judged("power_household", MONDAY, "2026-03-09 10:00")
    first, *_, verdict, clause = found.sentences
    assert first == "所引承诺：居民用户办电，2个工作日（承诺），自提出正式用电申请起，至完成装表接电止。"
    assert verdict == "2026年3月9日（周一）10:00办结：超过承诺时限，晚于到期日3个工作日。"
    assert clause.startswith("承诺依据：葛店开发区党工委《")
    assert "第5条：「居民用户办电时间" in clause
    assert any("到期日为2026年3月4日（周三）" in sentence for sentence in found.sentences)
    assert [one.day for one in found.days if one.counted] == [day("2026-03-03"), day("2026-03-04")]


IMPOSSIBLE = {
    "started in the future": (("2026-03-03", None), "started_at", "所引承诺的开始时间晚于现在，请核对。"),
    "ended in the future": (("2026-03-01", "2026-03-03"), "ended_at", "所引承诺的办结时间晚于现在，请核对。"),
    "ended before it started": (
        ("2026-03-01", "2026-02-28"),
        "ended_at",
        "所引承诺的办结时间早于开始时间，请核对。",
    ),
    "started before the calendar": (("2006-12-31 23:59", None), "started_at", None),
    "ended before the calendar": (("2026-03-01", "1999-01-01"), "ended_at", None),
    "started after the calendar": (("2101-01-01", None), "started_at", None),
    "paused before the calendar": (("2026-02-02", None, ("1026-02-03", "2026-02-04")), "pauses", None),
    "pauses that overlap": (
        ("2026-02-02", None, ("2026-02-03", "2026-02-05"), ("2026-02-04", "2026-02-06")),
        "pauses",
        "暂停记录有误：各次暂停须按先后排列，不得重叠，只有最后一次可以尚未恢复。",
    ),
    "paused before it started": (
        ("2026-02-02", None, ("2026-02-01", "2026-02-05")),
        "pauses",
        "暂停记录有误：暂停早于时限的起算。",
    ),
    "resumed before it paused": (
        ("2026-02-02", None, ("2026-02-05", "2026-02-03")),
        "pauses",
        "暂停记录有误：恢复时间早于暂停时间。",
    ),
    "still paused when it ended": (
        ("2026-02-02", "2026-02-05", ("2026-02-03", "2026-02-06")),
        "pauses",
        "所引承诺的暂停超出起止时间，请核对。",
    ),
    "paused longer than can be told day by day": (
        ("2020-01-02", None, ("2020-01-03", "2021-07-01"), ("2021-07-02", "2023-02-01")),
        "pauses",
        "所引承诺的暂停合计超过三年，请核对。",
    ),
    "paused into the future": (
        ("2026-02-02", None, ("2026-02-03", "2026-03-03")),
        "pauses",
        "所引承诺的暂停超出起止时间，请核对。",
    ),
}


@pytest.mark.parametrize(("stated", "field", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_have_been_is_refused(
    stated: tuple[str, str | None, *tuple[tuple[str, str], ...]], field: str, message: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        judged("power_household", *stated, now=MONDAY)
    assert refused.value.message == (message or "所引承诺的时间不在可核算的年份内，请核对年份。")
    assert [fault.field for fault in refused.value.faults] == [field]


def test_pauses_of_three_years_are_told_day_by_day() -> None:
    found = judged("power_household", "2020-01-02", None, ("2020-01-03", "2021-07-01"), ("2021-07-01", "2023-01-03"))
    assert len(found.days) > 1090


def test_a_naive_instant_is_refused() -> None:
    citation = Citation("power_household", at(MONDAY).replace(tzinfo=None), "受理单")
    with pytest.raises(Invalid, match="没有时区"):
        assess(citation, GEDIAN.commitment("power_household"), CALENDAR, switches=frozenset(), now=at(MONDAY))


def test_the_edges_of_the_years_are_shanghais() -> None:
    assert judged("power_household", "2007-01-01 00:00", "2007-01-04 09:00").verdict is KEPT
    assert judged("power_household", MONDAY, MONDAY, now=MONDAY).verdict is KEPT


def test_an_unknown_commitment_is_answered_with_where_to_look() -> None:
    with pytest.raises(Invalid) as refused:
        GEDIAN.commitment("gas_supply")
    assert refused.value.message == "本辖区的规则包没有这项承诺。"
    assert refused.value.faults[0].reason == "请从 /api/v1/policies/gedian 的 commitments 中选择"
