"""Who has read a confidential appeal."""

from app.api.schemas.base import Instant, Output, example


class AccessOut(Output):
    """One reading of the appeal: by which office and role, not by whom."""

    office: str
    roles: list[str]
    what: str
    what_name: str
    purpose: str | None
    at: Instant


class AccessesOut(Output):
    """One page of readings, newest first."""

    model_config = example(
        items=[
            {
                "office": "经发局",
                "roles": ["承办单位经办人"],
                "what": "read_appeal",
                "what_name": "诉求详情",
                "purpose": None,
                "at": "2026-11-16T02:00:00Z",
            }
        ],
        next="WyIyMDI2LTExLTE2VDAyOjAwOjAwKzAwOjAwIiwgIjAxOWFiYzAwIl0",
    )

    items: list[AccessOut]
    next: str | None
