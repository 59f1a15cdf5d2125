"""What every move of one appeal starts from and ends with: the locked case, and the answer with its new version."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path

from app.api.dependencies import BareRequest, CurrentRequest, version_of
from app.api.schemas.base import Word
from app.api.schemas.cases import CaseOut, case_out
from app.domain.appeal import Assignment
from app.domain.case import Case
from app.services.assignments import assignment_in
from app.services.cases import take, take_by_assignment

IfMatch = Annotated[str | None, Header(description="所依据的版本，即读取时得到的 ETag。", examples=['"3"'])]
Number = Annotated[Word, Path(description="诉求编号。", examples=["GD-20261116-000123"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest(BareRequest):
    """One move on one appeal, locked at the version that the caller has read."""

    case: Case

    def answer(self, case: Case) -> CaseOut:
        """Answer with the case as it is now, under its new version."""
        return answer(self, case)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentMove(MoveRequest):
    """One move that a department makes on its own assignment."""

    assignment: Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedRequest(BareRequest):
    """A request that names the version it is based on and finds its appeal by something else than its number."""

    version: int | None


def answer(request: BareRequest, case: Case) -> CaseOut:
    """Answer a request with the case as it is now, under its new version."""
    request.tag(case.appeal.version)
    return case_out(case, actor=request.actor, now=request.now)


async def get_versioned(request: CurrentRequest, if_match: IfMatch = None) -> VersionedRequest:
    """Return a request with the version that it is based on."""
    return VersionedRequest(
        work=request.work,
        actor=request.actor,
        now=request.now,
        response=request.response,
        version=version_of(if_match),
    )


async def get_move(number: Number, request: CurrentRequest, if_match: IfMatch = None) -> MoveRequest:
    """Lock the appeal that a move is about."""
    case = await take(request.work, number, actor=request.actor, version=version_of(if_match))
    return MoveRequest(work=request.work, actor=request.actor, now=request.now, response=request.response, case=case)


async def get_assignment_move(assignment_id: UUID, request: CurrentRequest, if_match: IfMatch = None) -> AssignmentMove:
    """Lock the appeal that an assignment belongs to."""
    case = await take_by_assignment(request.work, assignment_id, actor=request.actor, version=version_of(if_match))
    return AssignmentMove(
        work=request.work,
        actor=request.actor,
        now=request.now,
        response=request.response,
        case=case,
        assignment=assignment_in(case, assignment_id),
    )


CurrentMove = Annotated[MoveRequest, Depends(get_move)]
CurrentAssignmentMove = Annotated[AssignmentMove, Depends(get_assignment_move)]
CurrentVersioned = Annotated[VersionedRequest, Depends(get_versioned)]
