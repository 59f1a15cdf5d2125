"""What a complete reply contains."""

from collections.abc import Sequence

from app.domain.appeal import RESULT_TYPES, Outcome, ReplyKind
from app.domain.errors import Fault, Invalid

NEEDS_BASIS = frozenset({Outcome.NOT_SUPPORTED_BY_LAW, Outcome.POLICY_LIMITED})
"""An answer that only explains is legitimate with a cited basis and a remedy or alternative (荆州区 7)."""

NEEDS_EVIDENCE = frozenset({Outcome.SOLVED, Outcome.PARTLY_SOLVED, Outcome.UNFOUNDED})
"""A claim about facts needs something that shows it."""


def check_reply(
    kind: ReplyKind,
    *,
    result_type: Outcome | None,
    basis: str | None,
    remedy: str | None,
    evidence: Sequence[str],
) -> None:
    """Refuse a substantive reply that lacks what its result type demands; every gap is named at once."""
    if kind is not ReplyKind.SUBSTANTIVE:
        return
    faults = [*_result_faults(result_type), *_basis_faults(result_type, basis, remedy)]
    if result_type in NEEDS_EVIDENCE and not evidence:
        faults.append(Fault("evidence", "请附佐证：文件名、文号、凭证号或可查证的办理记录"))
    if faults:
        raise Invalid("答复不完整，不能提交审定。", *faults, code="reply-incomplete")


def _result_faults(result_type: Outcome | None) -> list[Fault]:
    if result_type in RESULT_TYPES:
        return []
    return [Fault("result_type", f"请选择办理结果：{'、'.join(RESULT_TYPES)}")]


def _basis_faults(result_type: Outcome | None, basis: str | None, remedy: str | None) -> list[Fault]:
    if result_type not in NEEDS_BASIS:
        return []
    missing = {"basis": (basis, "请写明法律或政策依据的名称和条款"), "remedy": (remedy, "请写明救济途径或替代方案")}
    return [Fault(field, reason) for field, (value, reason) in missing.items() if not (value or "").strip()]
