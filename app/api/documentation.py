"""The description of the interface, and its interactive documentation, served from an installed package."""

from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from app.api.security_headers import SecurityHeaders

FOLDER = str(files("fastapi_swagger.resources"))
FILES = "/api/v1/docs-files"
OPEN_OPERATIONS = frozenset(
    {
        "rate_appeal",
        "list_policies",
        "read_policy",
        "read_calendar_status",
        "read_calendar_year",
        "read_health",
        "calculate_due",
        "open_session",
        "supply_by_link",
    }
)
"""What needs no account: rules and counting are public, a single-use link is its own right, health tells of nobody."""
UNKEPT_OPERATIONS = frozenset({"open_session", "remove_second_factor", "ping_subscription"})
"""What takes no Idempotency-Key: nothing is kept of a request that holds a password; a test message has no effect."""
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "3f1c2f0e-7f0c-4a53-9a60-1d2f3c4b5a69",
    "description": "同一个键重复同一请求，只生效一次并得到同一答复；内容不同则拒绝。",
}
PROBLEM = {
    "description": "未被接受：RFC 9457 problem，title 与 detail 为中文。",
    "content": {
        "application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "example": {
                "type": "/problems/stale",
                "title": "内容已有变化",
                "status": 412,
                "detail": "诉求已有新的变化（当前为第3版），请重新读取后再办理。",
            },
        }
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "只在系统错误时有：据此在日志中查找。"},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "此刻可以办理的动作。"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}


class DescribedAPI(FastAPI):
    """FastAPI whose description also tells of keys, retries and problems, which are the same for every operation."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application within the headers that even its last resort, the answer to a bug, carries."""
        return SecurityHeaders(super().build_middleware_stack(), behind_tls=self.state.behind_tls)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi())
        return self.openapi_schema


def install(app: FastAPI) -> None:
    """Serve the documentation at /api/v1/docs, without a file from any other host."""
    app.mount(FILES, StaticFiles(directory=FOLDER), name="docs-files")
    app.add_api_route("/api/v1/docs", _page, include_in_schema=False, response_class=HTMLResponse)


def _completed(schema: dict[str, Any]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "bh_…"}}
    kept = {name: one for name, one in components.get("schemas", {}).items() if "ValidationError" not in name}
    components["schemas"] = {**kept, "Problem": PROBLEM_SCHEMA}
    for described in kept.values():
        for shown in described.get("examples", []):
            _fill(shown, described, kept)
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return schema


def _fill(shown: Any, described: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put back the fields without a value, which the framework leaves out of examples."""
    references = (one.get("$ref", "") for one in (described, *described.get("anyOf", [])))
    described = schemas.get(next(filter(None, references), "").rpartition("/")[2], described)
    for one in shown if isinstance(shown, list) else []:
        _fill(one, described.get("items", {}), schemas)
    for name, field in described.get("properties", {}).items() if isinstance(shown, dict) else []:
        if {"type": "null"} in field.get("anyOf", []):
            shown.setdefault(name, None)
        _fill(shown.get(name), field, schemas)


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["4XX"] = PROBLEM
    if operation["operationId"] not in OPEN_OPERATIONS:
        operation["security"] = [{"key": []}]
    if method == "post" and operation["operationId"] not in UNKEPT_OPERATIONS:
        operation.setdefault("parameters", []).append(KEY_PARAMETER)


async def _page() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/api/v1/openapi.json",
        title="Bihuan 闭环 接口文档",
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{FILES}/favicon-32x32.png",
    )
