"""Every request that reads one appeal starts here: found within reach, and noted where it is confidential."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies import BareRequest, CurrentRequest
from app.api.moving import Number
from app.services.accesses import note_access
from app.storage.queries.cases import AppealReading, read_appeal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest(BareRequest):
    """A request that reads one appeal."""

    reading: AppealReading


async def get_reading(number: Number, request: Request, current: CurrentRequest) -> ReadRequest:
    """Read the appeal that a request is about; a confidential one leaves a note of who has read it."""
    reading = await read_appeal(current.work.connection, number, current.actor)
    what = request.scope["route"].operation_id
    await note_access(current.work, reading.case.appeal, what, actor=current.actor, now=current.now)
    current.tag(reading.case.appeal.version)
    return ReadRequest(
        work=current.work, actor=current.actor, now=current.now, response=current.response, reading=reading
    )


CurrentReading = Annotated[ReadRequest, Depends(get_reading)]
