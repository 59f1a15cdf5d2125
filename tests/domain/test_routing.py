import dataclasses

import pytest

from app.domain.errors import Conflict, Invalid
from app.domain.routing import check_choice, suggest
from tests.domain.policy_texts import policy

SUGGESTIONS = [
    # jurisdiction, category, accused department, lead, supports
    ("gedian", "07", None, "economy", ("power", "social", "water", "housing", "gas", "city_enforcement")),
    ("gedian", "07", "power", "economy", ("social", "water", "housing", "gas", "city_enforcement")),
    ("gedian", "07", "economy", "office", ("power", "social", "water", "housing", "gas", "city_enforcement")),
    ("gedian", "08", "tax", "office", ()),
    ("gedian", "18", "tax", "discipline", ()),
    ("gedian", "21", None, "office", ()),
    ("gedian", "21", "office", "discipline", ()),
    ("gedian", "18", "discipline", "office", ()),
    ("jingzhou", "01", None, "government_service", ("market",)),
    ("jingzhou", "03", None, "economy", ()),
    ("jingzhou", "21", None, "project_centre", ()),
    ("jingzhou", "22", "federation", "discipline", ()),
    ("jingzhou", "06", "land", "federation", ("housing",)),
    ("dongbao", "22", "federation", "office", ()),
]


@pytest.mark.parametrize(("jurisdiction", "category", "accused", "lead", "supports"), SUGGESTIONS)
def test_the_accused_department_never_handles_its_own_appeal(
    jurisdiction: str, category: str, accused: str | None, lead: str, supports: tuple[str, ...]
) -> None:
    suggestion = suggest(policy(jurisdiction), category=category, accused_department=accused)
    assert (suggestion.lead, suggestion.supports) == (lead, supports)


def test_a_suggestion_cites_its_clause_or_the_recusal() -> None:
    jingzhou = policy("jingzhou")
    usual = suggest(jingzhou, category="03", accused_department=None)
    recused = suggest(jingzhou, category="03", accused_department="economy")
    assert usual.reason.startswith("「拖欠账款与政府履约」类诉求由区经信局主办，依据：荆州区人民政府办公室《")
    assert recused.reason == "「拖欠账款与政府履约」类诉求的主办单位区经信局是被反映单位，应当回避，改由区工商联主办"


def test_when_nobody_impartial_is_left_nothing_is_suggested() -> None:
    gedian = policy("gedian")
    alone = dataclasses.replace(gedian, categories={"21": gedian.category("21")})
    with pytest.raises(Conflict, match="请报上级辖区指定承办单位。") as refused:
        suggest(alone, category="21", accused_department="office")
    assert refused.value.code == "no-impartial-department"


@pytest.mark.parametrize(("category", "accused"), [("23", None), ("07", "dock")])
def test_nothing_is_suggested_for_unknown_codes(category: str, accused: str | None) -> None:
    with pytest.raises(Invalid, match="没有这个"):
        suggest(policy("gedian"), category=category, accused_department=accused)


CHOICES_ALLOWED = {
    "the lead of the list": ("economy", ["power"], ""),
    "a support of the list as the lead": ("power", ["economy"], ""),
    "a lead off the list with a reason": ("tax", [], "涉税停电争议"),
    "any department as a support": ("economy", ["tax"], ""),
}


@pytest.mark.parametrize("choice", CHOICES_ALLOWED)
def test_a_choice_stands(choice: str) -> None:
    lead, supports, reason = CHOICES_ALLOWED[choice]
    check_choice(policy("gedian"), category="07", lead=lead, supports=supports, reason=reason)


CHOICES_REFUSED = {
    "a lead off the list without a reason": ("tax", [], " ", "reason", "主办单位不在归口名单内，请写明理由。"),
    "the lead as its own support": ("economy", ["economy"], "", "supports", "同一单位不能重复承办。"),
    "a support named twice": ("economy", ["power", "power"], "", "supports", "同一单位不能重复承办。"),
    "an unknown lead": ("dock", [], "理由", "department", "没有这个承办单位。"),
    "an unknown support": ("economy", ["dock"], "理由", "department", "没有这个承办单位。"),
}


@pytest.mark.parametrize("choice", CHOICES_REFUSED)
def test_a_choice_is_refused(choice: str) -> None:
    lead, supports, reason, field, message = CHOICES_REFUSED[choice]
    with pytest.raises(Invalid) as refused:
        check_choice(policy("gedian"), category="07", lead=lead, supports=supports, reason=reason)
    assert (refused.value.faults[0].field, refused.value.message) == (field, message)


def test_a_missing_reason_is_answered_with_the_names_of_the_list() -> None:
    with pytest.raises(Invalid) as refused:
        check_choice(policy("jingzhou"), category="01", lead="tax", supports=[], reason="")
    assert refused.value.faults[0].reason == "本类诉求的归口单位为：区政务数据局、区市场监管局"
