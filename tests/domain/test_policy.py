import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.clause import Clause
from app.domain.clock_kind import ClockKind
from app.domain.document import Document, Mark, Standing
from app.domain.errors import Invalid
from app.domain.limit import Limit, Unit
from app.domain.policy import Level
from app.domain.policy_fault import PolicyRefused
from app.domain.policy_lines import find_lines
from app.domain.policy_reader import build_policy, parent_of, read_pack
from tests.domain.policy_texts import HEAD, child, pack, policy

KINDS = "、".join(ClockKind)
DOCUMENTS = (
    "hb66、ezhou、civil_code、environment、licensing、practice、"
    "foreign_complaints、sme_payment、procurement_law、bidding_rules"
)
LIMIT_MEND = (
    "期限应写作「5 WD」（工作日）、「0.5 WD」、「7 d」（自然日）、「3 m」（月）、「2 h」（小时）或「3 WH」（工作小时）"
)
CLAUSE = 'clause = { document = "practice", mark = "practice", words = "惯例" }'
DEMANDING = """\
[[document]]
id = "own"
title = "本区方案"
issuer = "本区"
standing = "issued"
"""
CATEGORY = """\
[[category]]
code = "07"
name = "水电气网"
examples = "报装"
"""

FAULTS = {
    "an unknown section": ("[limits]\n", "test.toml 第9行：段落 limits 无法识别；请删除，或改为 policy、window、"),
    "a list section written as a table": (
        "[department]\ncode = 'x'\n",
        "test.toml 第9行：段落 department 应为列表；请写作 [[department]]。",
    ),
    "an unknown clock kind": (
        f"[limit.handle]\nlimit = '5 WD'\n{CLAUSE}\n",
        f"test.toml 第9行：时限种类 handle 无法识别；请删除，或改为 {KINDS} 之一。",
    ),
    "an unknown level": (
        f"[limit.handling.hard]\nlimit = '5 WD'\n{CLAUSE}\n",
        "test.toml 第9行：时限 handling 的等级 hard 无法识别；请删除，或改为 ordinary、difficult、stubborn 之一。",
    ),
    "an unknown key": (
        f"[limit.review]\nlimit = '2 WD'\nlenght = 2\n{CLAUSE}\n",
        "test.toml 第11行：时限 review 的键 lenght 无法识别；请删除，或改为 limit、clause、reminders 之一。",
    ),
    "a limit without a unit": (
        f"[limit.review]\nlimit = '5天'\n{CLAUSE}\n",
        f"test.toml 第10行：时限 review 的 limit「5天」无法使用；{LIMIT_MEND}。",
    ),
    "a limit that is a number": (
        f"[limit.review]\nlimit = 5\n{CLAUSE}\n",
        f"test.toml 第10行：时限 review 的 limit「5」无法使用；{LIMIT_MEND}。",
    ),
    "a limit without a clause": (
        "[limit.review]\nlimit = '2 WD'\n",
        "test.toml 第9行：时限 review 缺少条款；请填写 clause（document、item、words、mark）。",
    ),
    "a clause without words": (
        "[limit.handling.ordinary]\nlimit = '5 WD'\n[limit.handling.ordinary.clause]\n"
        "document = 'practice'\nmark = 'practice'\n",
        "test.toml 第11行：时限 handling 的 ordinary 缺少条款原文；请在 clause 中填写 words。",
    ),
    "a demanded value without words": (
        f"{DEMANDING}[limit.review]\nlimit = '2 WD'\nclause = {{ document = 'own', item = '1', mark = 'demanded' }}\n",
        "test.toml 第16行：时限 review 缺少条款原文；请在 clause 中填写 words。",
    ),
    "a demanded value without an item": (
        f"{DEMANDING}[limit.review]\nlimit = '2 WD'\n"
        "clause = { document = 'own', words = '二日', mark = 'demanded' }\n",
        "test.toml 第16行：时限 review 缺少条款项号；请在 clause 中填写 item。",
    ),
    "a demanded category without words": (
        f"{DEMANDING}{CATEGORY}lead = 'power'\nclause = {{ document = 'own', item = '1', mark = 'demanded' }}\n",
        "test.toml 第19行：诉求类别 07 缺少条款原文；请在 clause 中填写 words。",
    ),
    "a clause without a mark": (
        "[limit.review]\nlimit = '2 WD'\nclause = { document = 'practice', words = '惯例' }\n",
        "test.toml 第11行：时限 review 的条款 缺少 mark；请改为 demanded、hubei、law、practice 之一。",
    ),
    "a mark that its document cannot carry": (
        "[limit.review]\nlimit = '2 WD'\n"
        "clause = { document = 'practice', item = '1', words = '惯例', mark = 'demanded' }\n",
        "test.toml 第11行：时限 review 的条款标记 demanded 与文件效力 practice 不符；"
        "demanded 只能引用 issued、draft 的文件，否则请改标记。",
    ),
    "an unknown document": (
        "[limit.review]\nlimit = '2 WD'\nclause = { document = 'gd9', words = '惯例', mark = 'practice' }\n",
        f"test.toml 第11行：时限 review 的条款所引文件 gd9 不存在；请改为 {DOCUMENTS} 之一，或登记 [[document]]。",
    ),
    "a draft that hides its standing": (
        "[[document]]\nid = 'own'\ntitle = '方案'\nissuer = '本区'\nstanding = 'draft'\n",
        "test.toml 第9行：文件 own 的效力为 draft，但没有说明；请填写 note，写明其不确定之处。",
    ),
    "an unknown standing": (
        "[[document]]\nid = 'own'\ntitle = '方案'\nissuer = '本区'\nstanding = 'binding'\n",
        "test.toml 第13行：文件 own 的 standing「binding」无法使用；"
        "请改为 issued、draft、news、superior、law、practice 之一。",
    ),
    "a date in quotation marks": (
        f"{DEMANDING}date = '2025年'\n",
        "test.toml 第14行：文件 own 的 date「2025年」无法使用；请填写不带引号的日期，如 2025-05-21。",
    ),
    "a code given twice": (
        "[[department]]\ncode = 'dock'\nname = '港务局'\n[[department]]\ncode = 'dock'\nname = '码头办'\n",
        "test.toml 第13行：承办单位 dock 重复；请删除一项，或改用其他编号。",
    ),
    "an entry without its code": (
        "[[department]]\nname = '港务局'\n",
        "test.toml 第9行：承办单位第1项 缺少 code；请用小写字母开头的字母、数字和下划线。",
    ),
    "a category beyond the list": (
        f"{CATEGORY.replace('07', '23')}lead = 'power'\n{CLAUSE}\n",
        "test.toml 第10行：诉求类别 23 的 code「23」无法使用；请填写 01 至 22 之间的两位数字。",
    ),
    "a category led by an unknown department": (
        f"{CATEGORY}lead = 'dock'\n{CLAUSE}\n",
        "test.toml 第13行：诉求类别 07 的主办单位 dock 不存在；请改为 office、government_service、",
    ),
    "a category supported by an unknown department": (
        f"{CATEGORY}lead = 'power'\nsupports = ['housing', 'dock']\n{CLAUSE}\n",
        "test.toml 第14行：诉求类别 07 的协办单位 dock 不存在；请改为 office、government_service、",
    ),
    "a category whose lead supports itself": (
        f"{CATEGORY}lead = 'power'\nsupports = ['power']\n{CLAUSE}\n",
        "test.toml 第14行：诉求类别 07 的主办单位又列为协办；请从 supports 中删除。",
    ),
    "two dispatching offices": (
        "[[department]]\ncode = 'a'\nname = '甲'\ndispatches = true\n"
        "[[department]]\ncode = 'b'\nname = '乙'\ndispatches = true\n",
        "test.toml 第16行：派单单位有2个；请恰好在一个 [[department]] 中写 dispatches = true。",
    ),
    "a target above all": (
        f"[[target]]\nindicator = 'K01'\nname = '销号率'\nvalue = '120%'\n{CLAUSE}\n",
        "test.toml 第12行：指标 K01 的 value「120%」无法使用；请填写 0% 至 100% 之间的百分数，如 98%。",
    ),
    "a target without words": (
        "[[target]]\nindicator = 'K01'\nname = '销号率'\nvalue = '98%'\n"
        "clause = { document = 'practice', mark = 'practice' }\n",
        "test.toml 第13行：指标 K01 缺少条款原文；请在 clause 中填写 words。",
    ),
    "a rung that the ladder does not have": (
        f"[[rung]]\nnumber = 10\nname = '免职'\ntrigger = '屡督不改'\nact = '动议'\ndecided_by = '党工委'\n{CLAUSE}\n",
        "test.toml 第10行：督办阶梯 10 的 number「10」无法使用；请填写 0 至 9 之间的整数。",
    ),
    "an extension without its number of times": (
        f"[extension.ordinary]\nlimit = '5 WD'\n{CLAUSE}\n",
        "test.toml 第9行：延期 的 ordinary 缺少 times；请填写不带引号的整数，如 1。",
    ),
    "an unknown window": (
        "[window]\nretrun = '1 WD'\n",
        "test.toml 第10行：期间 的键 retrun 无法识别；请删除，或改为 return、reopen 之一。",
    ),
    "a name with braces in it": (
        "[[department]]\ncode = '{0}'\nname = '甲'\n",
        "test.toml 第10行：承办单位 {0} 的 code「{0}」无法使用；请用小写字母开头的字母、数字和下划线。",
    ),
    "broken TOML": (
        "[limit.review]\nlimit = 5 WD\n",
        "test.toml 第10行：不是有效的 TOML；请检查该行的引号、括号和等号，以及是否重复定义。",
    ),
    "a key defined twice": (
        "[window]\nreturn = '1 WD'\nreturn = '2 WD'\n",
        "test.toml 第11行：不是有效的 TOML；请检查该行的引号、括号和等号，以及是否重复定义。",
    ),
}


@pytest.mark.parametrize(("body", "message"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_pack_is_refused_with_file_line_reason_and_remedy(body: str, message: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        child(body)
    (fault,) = refused.value.policy_faults
    if message.endswith("。"):
        assert str(fault) == message
    else:
        assert str(fault).startswith(message)


HEAD_FAULTS = {
    "no prefix": ('prefix = "TS"', "", "第1行：规则包 缺少 prefix；请填写两个大写字母，如 GD。"),
    "a long prefix": ('"TS"', '"TST"', "第7行：规则包 的 prefix「TST」无法使用；请填写两个大写字母，如 GD。"),
    "a version without a year": (
        "2025.1",
        "v1",
        "第5行：规则包 的 version「v1」无法使用；请填写年份和序号，如 2025.1。",
    ),
    "an unknown switch": (
        'prefix = "TS"',
        'prefix = "TS"\nswitches = ["half_days"]',
        "第8行：规则包 的 switches「['half_days']」无法使用；只能列出 deemed_receipt、close_of_business。",
    ),
    "documents started afresh": (
        'prefix = "TS"',
        'prefix = "TS"\nreplaces = ["document"]',
        "第8行：规则包 的 replaces「['document']」无法使用；只能列出 department、category、refusal、termination、"
        "redirect_channel、suspension_cause、defect、rung、target。",
    ),
    "another parent": (
        '"hubei"',
        '"hunan"',
        "第4行：上级规则包 hunan 不可用；请先提供并改正上级规则包，或删除 parent。",
    ),
    "an unnamed parent": ('parent = "hubei"\n', "", '第1行：规则包没有写明上级 hubei；请填写 parent = "hubei"。'),
}


@pytest.mark.parametrize(("old", "new", "message"), HEAD_FAULTS.values(), ids=HEAD_FAULTS)
def test_a_faulty_head_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        child(head=HEAD.replace(old, new))
    assert refused.value.message == f"test.toml {message}"


def test_a_missing_parent_is_one_fault_and_not_seventeen() -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_pack(HEAD, file_name="test.toml", parent=None)
    assert (
        refused.value.message == "test.toml 第4行：上级规则包 hubei 不可用；请先提供并改正上级规则包，或删除 parent。"
    )


def test_a_pack_that_replaces_the_departments_must_repoint_the_categories() -> None:
    with pytest.raises(PolicyRefused) as refused:
        child(
            "[[department]]\ncode = 'office'\nname = '区优化办'\ndispatches = true\n",
            head=HEAD.replace('prefix = "TS"\n', 'prefix = "TS"\nreplaces = ["department"]\n'),
        )
    first = refused.value.policy_faults[0]
    assert str(first) == "test.toml 第1行：诉求类别 01 的主办单位 government_service 不存在；请改为 office 之一。"


def test_a_root_pack_must_state_every_limit_extension_window_and_an_office() -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_pack(HEAD.replace('parent = "hubei"\n', ""), file_name="test.toml", parent=None)
    said = [fault.what for fault in refused.value.policy_faults]
    assert len(said) == 17 + 3 + 2 + 1
    assert "缺少时限 review（复核）" in said
    assert "缺少延期 stubborn（攻坚）" in said
    assert "缺少期间 reopen" in said
    assert "没有派单单位" in said


def test_all_faults_are_reported_at_once_in_the_order_of_the_lines() -> None:
    body = "[limits]\n" + "".join(f"[limit.{kind}]\nlimit = '5天'\n{CLAUSE}\n" for kind in ("sign", "review"))
    with pytest.raises(PolicyRefused) as refused:
        child(body)
    assert [fault.line for fault in refused.value.policy_faults] == [9, 11, 14]
    assert refused.value.message.count("\n") == 2
    assert [fault.field for fault in refused.value.faults] == ["test.toml:9", "test.toml:11", "test.toml:14"]


def test_a_child_inherits_what_it_does_not_state() -> None:
    test = build_policy(child())
    hubei = policy("hubei")
    assert test.limits == hubei.limits
    assert test.categories == hubei.categories
    assert (test.jurisdiction, test.parent, test.prefix) == ("test", "hubei", "TS")


def test_a_child_overrides_one_level_and_keeps_the_others() -> None:
    test = build_policy(child(f"[limit.handling.ordinary]\nlimit = '3 WD'\n{CLAUSE}\n"))
    limits = [str(test.limit_for(ClockKind.HANDLING, level=level)[0]) for level in Level]
    assert limits == ["3 WD", "15 WD", "15 WD"]


def test_a_single_limit_of_a_child_holds_for_every_level() -> None:
    test = build_policy(child(f"[limit.handling]\nlimit = '7 WD'\n{CLAUSE}\n"))
    limits = [str(test.limit_for(ClockKind.HANDLING, level=level)[0]) for level in Level]
    assert limits == ["7 WD", "7 WD", "7 WD"]


def test_an_overriding_value_never_keeps_the_clause_of_its_parent() -> None:
    with pytest.raises(PolicyRefused, match="时限 acceptance 缺少条款；"):
        child("[limit.acceptance]\nlimit = '2 WD'\n")


def test_a_new_dispatching_office_takes_over_from_the_parents() -> None:
    test = build_policy(child("[[department]]\ncode = 'centre'\nname = '闭环专班'\ndispatches = true\n"))
    assert test.dispatching_office.name == "闭环专班"
    assert not test.department("office").dispatches


def test_switches_are_inherited_until_they_are_stated() -> None:
    switched = child(head=HEAD.replace('prefix = "TS"', 'prefix = "TS"\nswitches = ["close_of_business"]'))
    grandchild = HEAD.replace('"test"', '"below"').replace('"hubei"', '"test"').replace('"TS"', '"BL"')
    inherited = read_pack(grandchild, file_name="below.toml", parent=switched)
    restored = read_pack(grandchild.replace("\n\n", "\nswitches = []\n"), file_name="below.toml", parent=switched)
    assert build_policy(inherited).switches == {"close_of_business"}
    assert build_policy(restored).switches == set()


def test_reading_a_child_leaves_its_parent_as_it_was() -> None:
    before = json.dumps(pack("hubei"))
    child("[[department]]\ncode = 'centre'\nname = '闭环专班'\ndispatches = true\n")
    assert json.dumps(pack("hubei")) == before


UNKNOWN = {
    "category": ("99", "没有这个诉求类别。", "应为以下之一：01、02、"),
    "department": ("dock", "没有这个承办单位。", "应为以下之一：office、party_office、"),
    "refusal": ("bored", "没有这个不予受理情形。", "应为以下之一：civil_dispute、"),
    "termination": ("bored", "没有这个终止情形。", "应为以下之一：settled、"),
    "redirect_channel": ("radio", "没有这个其他渠道。", "应为以下之一：police_110、"),
    "suspension_cause": ("rain", "没有这个暂停事由。", "应为以下之一：papers、"),
    "defect": ("dull", "没有这个退回情形。", "应为以下之一：hollow、explaining、"),
    "window": ("appeal", "没有这个期间。", "应为以下之一：return、reopen"),
}


@pytest.mark.parametrize("question", UNKNOWN)
def test_an_unknown_code_is_answered_with_the_codes_that_exist(question: str) -> None:
    code, message, reason = UNKNOWN[question]
    with pytest.raises(Invalid) as refused:
        getattr(policy("gedian"), question)(code)
    assert refused.value.message == message
    assert refused.value.faults[0].reason.startswith(reason)


def _document(standing: Standing, *, number: str = "", note: str = "") -> Document:
    return Document("own", "方案", "本区", standing, number=number, note=note)


CITATIONS = [
    (Standing.ISSUED, Mark.DEMANDED, "53", "", "本区《方案》（1号）第53条：「五日办结」"),
    (Standing.ISSUED, Mark.DEMANDED, "16、17", "", "本区《方案》（1号）第16、17条：「五日办结」"),
    (Standing.ISSUED, Mark.DEMANDED, "保障措施（三）", "", "本区《方案》（1号）保障措施（三）：「五日办结」"),
    (Standing.DRAFT, Mark.DEMANDED, "53", "征求意见稿", "本区《方案》（1号）第53条：「五日办结」（征求意见稿）"),
    (Standing.SUPERIOR, Mark.HUBEI, "", "据摘要", "本区《方案》（1号）：五日办结（据摘要）"),
    (
        Standing.ISSUED,
        Mark.PRACTICE,
        "7",
        "",
        "本区《方案》（1号）第7条：「五日办结」（惯例默认值，不作为文件要求）",
    ),
    (Standing.PRACTICE, Mark.PRACTICE, "", "", "本区方案（1号）：五日办结（惯例默认值，不作为文件要求）"),
]


@pytest.mark.parametrize(("standing", "mark", "item", "note", "printed"), CITATIONS)
def test_a_citation_quotes_only_what_was_read_and_says_every_reservation(
    standing: Standing, mark: Mark, item: str, note: str, printed: str
) -> None:
    clause = Clause(_document(standing, number="1号", note=note), item, "五日办结", mark)
    assert clause.chinese == printed
    assert (clause.number, clause.standing) == ("1号", standing)


def test_a_target_is_an_exact_fraction() -> None:
    target = policy("jingmen").targets["K01"]
    assert target.value == Fraction(49, 50)
    assert target.written == "98%"


def test_a_policy_keeps_dates_limits_and_reminders_as_values() -> None:
    gedian = policy("gedian")
    assert gedian.effective_on == date(2021, 4, 19)
    assert gedian.documents["gedian_4"].date == date(2021, 4, 19)
    assert gedian.window("return") == Limit(Decimal(1), Unit.WORKING_DAY)
    assert gedian.reminders_for(ClockKind.SUPPLEMENT) == (2, 1)
    assert gedian.reminders_for(ClockKind.REVIEW) == ()


def test_the_parent_of_a_text_is_found_even_when_the_rest_is_wrong() -> None:
    assert parent_of(HEAD + "[limits]\n") == "hubei"
    assert parent_of("[policy]\n") is None
    assert parent_of("policy = 3\n") is None
    assert parent_of("[policy\n") is None


def test_lines_are_found_for_tables_keys_and_entries_but_not_inside_long_texts() -> None:
    text = '[a.b]\nx = """\n[[c]]\ny = 1\n"""\n[[c]]  # one\ny = 1\n[[c]]\nd.e = 2\n[c.f]\ng = 3\n'
    assert find_lines(text) == {
        ("a", "b"): 1,
        ("a", "b", "x"): 2,
        ("c", 0): 6,
        ("c", 0, "y"): 7,
        ("c", 1): 8,
        ("c", 1, "d", "e"): 9,
        ("c", 1, "f"): 10,
        ("c", 1, "f", "g"): 11,
    }
