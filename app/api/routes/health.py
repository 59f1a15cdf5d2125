"""Whether the service can do its work."""

from fastapi import APIRouter, Request

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork
from app.api.schemas.health import HealthOut
from app.services.calendars import calendar_in_force
from app.storage.queries.health import schema_revision

router = APIRouter(prefix="/health", tags=["运行"], route_class=CommandRoute)


@router.get("", operation_id="read_health", summary="健康状态")
async def get_health(request: Request, work: CurrentWork) -> HealthOut:
    """Answer once the database answers; an unreachable one is a 503."""
    revision = await schema_revision(work.connection)
    calendar = await calendar_in_force(work, None)
    return HealthOut(
        status="ok",
        version=request.app.version,
        schema_revision=revision,
        calendar_version=calendar.version,
        calendar_published_until=calendar.published_until,
    )
