"""Figures for a monitoring system, in the format of Prometheus."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from app.api.command import CommandRoute
from app.api.dependencies import CurrentWork
from app.services.calendar_status import calendar_status

router = APIRouter(prefix="/metrics", tags=["运行"], route_class=CommandRoute)


@router.get("", operation_id="read_metrics", summary="监控指标（Prometheus 格式）", include_in_schema=False)
async def get_metrics(work: CurrentWork) -> Response:
    """Return until which year each calendar is published, and how many open clocks wait for which year's notice."""
    status = await calendar_status(work)
    registry = CollectorRegistry()
    until = Gauge("bihuan_calendar_published_until_year", "放假通知已发布至哪一年", ["region"], registry=registry)
    for region in status["regions"]:
        until.labels(region["region"]).set(region["published_until"].year)
    waiting = Gauge("bihuan_clocks_awaiting_notice", "等待放假通知的时限数", ["year"], registry=registry)
    for row in status["waiting"]:
        waiting.labels(str(row["year"])).set(row["clocks"])
    proposed = Gauge("bihuan_calendar_publications_open", "待批准或待生效的放假通知数", registry=registry)
    proposed.set(status["open_publications"])
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
