import json
import shutil
from pathlib import Path

import pytest

from app.domain.clock_kind import STATUTORY_CLOCKS, ClockKind
from app.domain.document import Mark, Standing
from app.domain.errors import Invalid
from app.domain.policy import Level
from app.domain.policy_fault import PolicyRefused
from app.domain.policy_reader import build_policy, read_pack
from app.policies import FOLDER, ancestors, descendants, load_packs, packaged
from tests.domain.policy_texts import pack, policy

JURISDICTIONS = ("hubei", "gedian", "hongshan", "jingmen", "jingzhou", "dongbao")
ORDINARY, DIFFICULT, STUBBORN = Level.ORDINARY, Level.DIFFICULT, Level.STUBBORN

LIMITS = [
    # jurisdiction, clock kind, level, limit, mark, item
    ("hubei", "acceptance", ORDINARY, "3 WD", "hubei", ""),
    ("hubei", "sign", ORDINARY, "1 WD", "practice", ""),
    ("hubei", "contact", ORDINARY, "1 WD", "practice", ""),
    ("hubei", "return_ruling", ORDINARY, "1 WD", "practice", ""),
    ("hubei", "handling", ORDINARY, "5 WD", "practice", ""),
    ("hubei", "handling", DIFFICULT, "15 WD", "hubei", ""),
    ("hubei", "handling", STUBBORN, "15 WD", "hubei", ""),
    ("hubei", "department_answer", ORDINARY, "15 WD", "hubei", ""),
    ("hubei", "milestone", STUBBORN, "1 m", "practice", ""),
    ("hubei", "procedural_reply", ORDINARY, "7 d", "practice", ""),
    ("hubei", "substantive_reply", ORDINARY, "3 m", "practice", ""),
    ("hubei", "review", ORDINARY, "2 WD", "practice", ""),
    ("hubei", "feedback", ORDINARY, "5 WD", "hubei", ""),
    ("hubei", "rework", ORDINARY, "5 WD", "practice", ""),
    ("hubei", "rework", DIFFICULT, "15 WD", "practice", ""),
    ("hubei", "bad_rating_contact", ORDINARY, "1 WD", "practice", ""),
    ("hubei", "bad_rating_rectification", ORDINARY, "5 WD", "practice", ""),
    ("hubei", "supplement", ORDINARY, "5 WD", "practice", ""),
    ("hubei", "supervision_answer", ORDINARY, "3 WD", "practice", ""),
    ("hubei", "objection", ORDINARY, "30 d", "practice", ""),
    ("gedian", "handling", ORDINARY, "5 WD", "demanded", "53"),
    ("gedian", "handling", DIFFICULT, "15 WD", "demanded", "53"),
    ("gedian", "handling", STUBBORN, "15 WD", "demanded", "53"),
    ("gedian", "rework", ORDINARY, "5 WD", "demanded", "53"),
    ("gedian", "rework", DIFFICULT, "15 WD", "demanded", "53"),
    ("gedian", "bad_rating_contact", ORDINARY, "1 WD", "practice", "36"),
    ("gedian", "bad_rating_rectification", ORDINARY, "5 WD", "practice", "52"),
    ("gedian", "acceptance", ORDINARY, "3 WD", "hubei", ""),
    ("gedian", "procedural_reply", ORDINARY, "7 d", "practice", ""),
    ("jingzhou", "handling", ORDINARY, "5 WD", "practice", "7"),
    ("jingzhou", "handling", DIFFICULT, "15 WD", "practice", "7"),
    ("jingzhou", "milestone", STUBBORN, "1 m", "practice", "8"),
    ("jingmen", "procedural_reply", ORDINARY, "7 d", "demanded", "19"),
    ("jingmen", "substantive_reply", ORDINARY, "3 m", "demanded", "19"),
    ("jingmen", "handling", ORDINARY, "5 WD", "practice", ""),
    ("dongbao", "procedural_reply", ORDINARY, "7 d", "demanded", "19"),
    ("dongbao", "supplement", ORDINARY, "5 WD", "practice", "审批局部分"),
    ("hongshan", "handling", ORDINARY, "5 WD", "practice", ""),
    ("hongshan", "handling", DIFFICULT, "15 WD", "hubei", ""),
    ("hongshan", "bad_rating_contact", ORDINARY, "1 WD", "practice", "四（一）"),
]


@pytest.mark.parametrize(("jurisdiction", "kind", "level", "limit", "mark", "item"), LIMITS)
def test_a_limit_has_the_value_mark_and_item_of_its_document(
    jurisdiction: str, kind: str, level: Level, limit: str, mark: str, item: str
) -> None:
    length, clause = policy(jurisdiction).limit_for(ClockKind(kind), level=level)
    assert (str(length), clause.mark, clause.item) == (limit, mark, item)


TARGETS = {
    "jingmen": {
        "K01": ("98%", "4"),
        "K02": ("100%", "43"),
        "K03": ("98%", "43"),
        "K05": ("100%", "19"),
        "K06": ("90%", "19"),
        "K07": ("97%", "43"),
        "K07b": ("100%", "20"),
        "K11": ("100%", "43"),
        "K14": ("100%", "20"),
        "K16a": ("100%", "5"),
        "K16b": ("95%", "5"),
        "K16c": ("95%", "5"),
    },
    "gedian": {
        "K08": ("100%", "52"),
        "K09": ("100%", "36"),
        "K10a": ("100%", "30"),
        "K10b": ("100%", "30"),
        "K15a": ("100%", "45"),
        "K15b": ("100%", "45"),
    },
    "jingzhou": {"K17": ("100%", "2")},
    "hubei": {},
    "hongshan": {},
}


@pytest.mark.parametrize("jurisdiction", TARGETS)
def test_the_targets_are_the_documents_own(jurisdiction: str) -> None:
    targets = policy(jurisdiction).targets
    assert {code: (one.written, one.clause.item) for code, one in targets.items()} == TARGETS[jurisdiction]
    assert all(one.clause.mark is Mark.DEMANDED for one in targets.values())


def test_a_district_is_measured_by_the_targets_of_its_city() -> None:
    assert policy("dongbao").targets == policy("jingmen").targets


OFFICES = {
    "hubei": ("HB", "省优化营商环境领导小组办公室"),
    "gedian": ("GD", "区优化办（区领导小组办公室，设在经发局）"),
    "jingmen": ("JM", "市优化办（市发改委）"),
    "dongbao": ("DB", "区优化办"),
    "jingzhou": ("JZ", "区工商联"),
    "hongshan": ("HS", "区优化办"),
}


@pytest.mark.parametrize("jurisdiction", OFFICES)
def test_each_jurisdiction_has_its_prefix_and_its_dispatching_office(jurisdiction: str) -> None:
    one = policy(jurisdiction)
    assert (one.prefix, one.dispatching_office.name) == OFFICES[jurisdiction]


STANDINGS = {
    ("hubei", "hb66"): Standing.SUPERIOR,
    ("gedian", "gedian_4"): Standing.ISSUED,
    ("jingzhou", "jingzhou_2025"): Standing.ISSUED,
    ("hongshan", "hongshan_5"): Standing.ISSUED,
    ("jingmen", "jingmen_draft"): Standing.DRAFT,
    ("dongbao", "dongbao_news"): Standing.NEWS,
}


@pytest.mark.parametrize(("jurisdiction", "document"), STANDINGS)
def test_a_document_is_not_given_more_weight_than_it_has(jurisdiction: str, document: str) -> None:
    one = policy(jurisdiction).documents[document]
    assert one.standing is STANDINGS[jurisdiction, document]
    assert bool(one.note) == (one.standing is not Standing.ISSUED)


def test_the_literal_scope_of_gedian_53_is_printed_with_the_limit() -> None:
    first = policy("gedian").clause_for(ClockKind.HANDLING)
    assert first.words == (
        "建立营商环境问题投诉、处置、回应机制。对不满意事项实行限时办结回复,一般问题5个工作日、疑难问题15个工作日办结。"
    )
    assert first.chinese.startswith(
        "葛店开发区党工委《关于以市场主体需求为导向打造一流营商环境的实施方案》（鄂葛开工（2021）4号）第53条：「"
    )
    assert "原文期限限于不满意事项" in first.chinese
    assert not policy("gedian").clause_for(ClockKind.REWORK).note


def test_the_number_that_jingzhou_does_not_give_is_not_called_a_demand() -> None:
    assert policy("jingzhou").clause_for(ClockKind.HANDLING).chinese == (
        "荆州区人民政府办公室《荆州区2025年新一轮营商环境优化提升行动方案》第7条："
        "「健全限时办结和结果运用机制,坚决杜绝象征性和说明式回复。〔责任单位:区工商联〕」"
        "（文件要求限时办结，未规定天数）（惯例默认值，不作为文件要求）"
    )


def test_the_provincial_rule_is_cited_as_known_from_a_summary_and_never_in_quotation_marks() -> None:
    printed = policy("hubei").clause_for(ClockKind.ACCEPTANCE).chinese
    assert printed.endswith("（仅据新闻摘要转述，未见条文原文）")
    assert "「" not in printed


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_every_pack_answers_every_question_of_the_process(jurisdiction: str) -> None:
    one = policy(jurisdiction)
    assert set(one.limits) == set(ClockKind) - set(STATUTORY_CLOCKS)
    assert [(str(limit), times) for limit, times in map(one.extension_for, Level)] == [
        ("5 WD", 1),
        ("10 WD", 1),
        ("10 WD", 2),
    ]
    assert list(one.categories) == [f"{number:02}" for number in range(1, 23)]
    assert list(one.rungs) == list(range(10))
    assert (str(one.window("return")), str(one.window("reopen"))) == ("1 WD", "30 d")
    assert len(one.refusals) == 13
    assert set(one.defects) == {"hollow", "explaining", "off_the_point", "no_contact", "weak_evidence", "untrue_result"}
    assert set(one.suspension_causes) == {"papers", "statutory_step", "court_or_superior", "force_majeure"}


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_only_discipline_and_court_matters_are_transferred(jurisdiction: str) -> None:
    categories = policy(jurisdiction).categories.values()
    assert [one.code for one in categories if one.transfer] == ["18", "19"]
    assert [one.code for one in categories if one.confidential] == ["18"]


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
def test_a_stored_pack_builds_the_same_policy(jurisdiction: str) -> None:
    data = pack(jurisdiction)
    stored = json.loads(json.dumps(data))
    assert stored == data
    assert build_policy(stored) == build_policy(data)


def test_every_packaged_pack_is_usable_and_parents_come_first() -> None:
    assert packaged().refused == []
    assert tuple(packaged().packs) == JURISDICTIONS


def test_the_tree_of_jurisdictions_is_known() -> None:
    assert ancestors("dongbao") == ("jingmen", "hubei")
    assert ancestors("hubei") == ()
    assert descendants("jingmen") == ("dongbao",)
    assert set(descendants("hubei")) == {"gedian", "hongshan", "jingmen", "jingzhou", "dongbao"}
    with pytest.raises(Invalid, match="辖区「hunan」没有规则包。"):
        ancestors("hunan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_broken_pack_is_reported_and_the_others_still_load(folder: Path) -> None:
    _edit(folder / "gedian.toml", 'prefix = "GD"', 'prefix = "gd"')
    loaded = load_packs(folder)
    assert "gedian" not in loaded.packs
    assert len(loaded.packs) == 5
    assert [one.message for one in loaded.refused] == [
        "gedian.toml 第10行：规则包 的 prefix「gd」无法使用；请填写两个大写字母，如 GD。"
    ]


def test_a_child_of_a_broken_pack_is_refused_with_it(folder: Path) -> None:
    _edit(folder / "jingmen.toml", 'prefix = "JM"', 'prefix = "jm"')
    loaded = load_packs(folder)
    assert {one.policy_faults[0].file for one in loaded.refused} == {"jingmen.toml", "dongbao.toml"}
    assert "上级规则包 jingmen 不可用" in loaded.refused[1].message


def test_two_packs_cannot_share_a_prefix(folder: Path) -> None:
    _edit(folder / "hongshan.toml", 'prefix = "HS"', 'prefix = "GD"')
    assert [one.message for one in load_packs(folder).refused] == [
        "hongshan.toml 第1行：prefix GD 已由 gedian.toml 使用；请改用其他名称。"
    ]


def test_packs_that_name_each_other_as_parent_are_refused(folder: Path) -> None:
    _edit(folder / "jingmen.toml", 'parent = "hubei"', 'parent = "dongbao"')
    loaded = load_packs(folder)
    assert set(loaded.packs) == {"hubei", "gedian", "hongshan", "jingzhou"}
    assert len(loaded.refused) == 2


def test_a_text_in_another_encoding_is_refused_and_a_byte_order_mark_is_not(folder: Path) -> None:
    hongshan, jingmen = folder / "hongshan.toml", folder / "jingmen.toml"
    hongshan.write_bytes(hongshan.read_text(encoding="utf-8").encode("gb18030"))
    jingmen.write_bytes(b"\xef\xbb\xbf" + jingmen.read_bytes())
    loaded = load_packs(folder)
    assert [one.message for one in loaded.refused] == [
        "hongshan.toml 第1行：不是 UTF-8 编码的文本；请另存为 UTF-8 编码。"
    ]
    assert "jingmen" in loaded.packs


def test_a_pack_that_lost_a_line_is_read_or_refused_with_a_line_that_it_has() -> None:
    lines = (FOLDER / "hongshan.toml").read_text(encoding="utf-8").splitlines()
    refused = []
    for number in range(len(lines)):
        text = "\n".join(lines[:number] + lines[number + 1 :])
        try:
            read_pack(text, file_name="hongshan.toml", parent=pack("hubei"))
        except PolicyRefused as refusal:
            refused += refusal.policy_faults
    assert len(refused) > len(lines) / 2
    assert all(1 <= fault.line < len(lines) for fault in refused)


def test_a_digest_follows_the_values_of_the_pack_and_of_its_parents(folder: Path) -> None:
    before = load_packs(folder).packs
    _edit(folder / "jingmen.toml", "# 荆门市规则包", "# 荆门市")
    assert load_packs(folder).packs == before
    _edit(folder / "jingmen.toml", "市优化办（市发改委）", "市优化办")
    _edit(folder / "jingmen.toml", 'value = "97%"', 'value = "96%"')
    after = load_packs(folder).packs
    assert {name for name in before if before[name].digest != after[name].digest} == {"jingmen", "dongbao"}
