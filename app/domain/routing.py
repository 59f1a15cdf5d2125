"""Routing: which department leads an appeal and which support it, and when a choice must be explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.errors import Conflict, Fault, Invalid
from app.domain.policy import Category, Policy

DISCIPLINE_CATEGORY = "18"
"""作风与廉政: the body of this category takes what nobody else may decide impartially."""


@dataclass(frozen=True, slots=True)
class RoutingSuggestion:
    """Department codes for one appeal, and in Chinese why these."""

    lead: str
    supports: tuple[str, ...]
    reason: str


def suggest(policy: Policy, *, category: str, accused_department: str | None) -> RoutingSuggestion:
    """Suggest the category's departments without the accused one.

    When the accused department is the category's lead, the dispatching office leads; when it is accused as well,
    the discipline body does. Raise `Invalid` for an unknown code, `Conflict` when nobody is left.
    """
    chosen = policy.category(category)
    if accused_department is not None:
        policy.department(accused_department)
    lead = next((code for code in _leads(policy, chosen) if code != accused_department), None)
    if lead is None:
        raise Conflict("被反映单位就是仅有的承办单位，请报上级辖区指定承办单位。", code="no-impartial-department")
    supports = tuple(code for code in chosen.supports if code not in (lead, accused_department))
    return RoutingSuggestion(lead, supports, _why(policy, chosen, lead))


def check_choice(policy: Policy, *, category: str, lead: str, supports: Sequence[str], reason: str) -> None:
    """Raise `Invalid` unless the departments exist, differ, and a lead off the routing list is explained."""
    chosen = policy.category(category)
    for code in (lead, *supports):
        policy.department(code)
    if lead in supports or len(set(supports)) < len(supports):
        raise Invalid("同一单位不能重复承办。", Fault("supports", "协办单位不能与主办单位相同，也不能重复"))
    if lead not in chosen.departments and not reason.strip():
        listed = "、".join(policy.department(code).name for code in chosen.departments)
        raise Invalid("主办单位不在归口名单内，请写明理由。", Fault("reason", f"本类诉求的归口单位为：{listed}"))


def _leads(policy: Policy, category: Category) -> Iterable[str]:
    """Yield who may lead, in order of preference."""
    yield category.lead
    yield policy.dispatching_office.code
    if DISCIPLINE_CATEGORY in policy.categories:
        yield policy.categories[DISCIPLINE_CATEGORY].lead


def _why(policy: Policy, category: Category, lead: str) -> str:
    name = policy.department(lead).name
    if lead == category.lead:
        return f"「{category.name}」类诉求由{name}主办，依据：{category.clause.chinese}"
    avoided = policy.department(category.lead).name
    return f"「{category.name}」类诉求的主办单位{avoided}是被反映单位，应当回避，改由{name}主办"
