"""Refusals as RFC 9457 problems: stable types, Chinese titles, and never an echo of what was sent."""

import logging
from collections.abc import Iterable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.types import ExceptionHandler

from app.api.faults import fault_of
from app.api.security_headers import current_request_id
from app.domain.attachment_errors import (
    Gone,
    StorageFull,
    StorageUnavailable,
    TooLarge,
    TooManyUploads,
    UnsupportedFile,
    UploadBroken,
    UploadTooSlow,
)
from app.domain.errors import (
    ActionNotPossible,
    Conflict,
    DomainError,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    NotRecorded,
    NotSignedIn,
    PreconditionMissing,
    Stale,
)
from app.storage import UNAVAILABLE, DataError, IntegrityError, ProgrammingError

MEDIA_TYPE = "application/problem+json"
KINDS: dict[type[DomainError], tuple[int, str]] = {
    Invalid: (422, "提交的内容有误"),
    NotSignedIn: (401, "未登录"),
    NotAllowed: (403, "无权办理"),
    NotFound: (404, "没有找到"),
    Stale: (412, "内容已有变化"),
    PreconditionMissing: (428, "缺少版本条件"),
    Conflict: (409, "当前状态下不能办理"),
    NotRecorded: (503, "服务暂时不可用"),
    Gone: (410, "内容已不存在"),
    TooLarge: (413, "内容过大"),
    UnsupportedFile: (415, "不支持的文件类型"),
    UploadBroken: (400, "请求无法读取"),
    UploadTooSlow: (408, "上传超时"),
    TooManyUploads: (429, "上传过多"),
    StorageUnavailable: (503, "服务暂时不可用"),
    StorageFull: (507, "存储空间不足"),
    DomainError: (422, "不能办理"),
}
HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    # The rest of what is being sent is of no use: the connection ends instead of reading it.
    408: {"Connection": "close"},
    413: {"Connection": "close"},
    429: {"Connection": "close", "Retry-After": "30"},
    503: {"Retry-After": "30"},
    507: {"Retry-After": "3600"},
}
HTTP_TITLES = {
    400: "请求无法读取",
    404: "没有找到",
    405: "不支持这种请求方法",
    413: "内容过大",
    415: "不支持的内容类型",
    503: "服务暂时繁忙",
}
DUPLICATES = {
    "uq_appeal_channel_external_number": ("external-number-taken", "该渠道的外部编号已经登记过，请查询原诉求。"),
    "uq_enterprise_uscc": ("enterprise-taken", "该统一社会信用代码刚刚被登记，请重新提交。"),
    "uq_credential_login": ("login-taken", "这个登录名已被使用，请换一个。"),
    "uq_credential_account_id": ("credential-exists", "这个账号刚刚设置过密码，请重新提交。"),
    "uq_identity_issuer_subject": ("identity-linked", "这个统一身份已经关联了账号，请先解除。"),
    "uq_calendar_region_in_force": ("calendar-changed", "工作日历刚刚由另一份通知更新，请重新预览后再批准。"),
    "uq_supervision_clock_id_rung_due_at": ("already-supervised", "这一级督办已经发出。"),
}

FORBIDDEN = "42501"
"""PostgreSQL's code for a privilege that the role does not have."""
NO_SUCH_METHOD = 405
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
BEYOND_LIMITS = "54"
"""The class of conditions in which a value is too long or too complex for PostgreSQL, and no repetition helps."""

logger = logging.getLogger("bihuan.api")


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    faults: Iterable[Fault] = (),
    allowed: Iterable[str] | None = None,
    headers: dict[str, str] | None = None,
    request_id: str | None = None,
) -> JSONResponse:
    """Return one problem document."""
    body: dict[str, object] = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    listed = [{"field": fault.field, "reason": fault.reason} for fault in faults]
    if listed:
        body["faults"] = listed
    if allowed is not None:
        body["allowed"] = list(allowed)
    if request_id is not None:
        body["request_id"] = request_id
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


async def answer_domain_error(_request: Request, refusal: Exception) -> JSONResponse:
    """Answer a refusal of the domain."""
    assert isinstance(refusal, DomainError)
    return problem_of(refusal)


def problem_of(refusal: DomainError) -> JSONResponse:
    """Return a refusal of the domain as a problem."""
    status, title = next(KINDS[kind] for kind in type(refusal).__mro__ if kind in KINDS)
    return problem(
        status,
        refusal.code,
        title,
        refusal.message,
        faults=refusal.faults if isinstance(refusal, Invalid) else (),
        allowed=refusal.allowed if isinstance(refusal, ActionNotPossible) else None,
        headers=HEADERS.get(status),
    )


async def answer_validation_error(_request: Request, refusal: Exception) -> JSONResponse:
    """Answer input that the schema refuses, field by field, without repeating it."""
    assert isinstance(refusal, RequestValidationError)
    faults = [fault_of(error) for error in refusal.errors()[:20]]
    if any(error["type"] == "json_invalid" for error in refusal.errors()):
        return problem(400, "malformed-json", "请求无法读取", "请求内容不是有效的 JSON。")
    return problem(422, "invalid", "提交的内容有误", "请按下列说明改正后重新提交。", faults=faults)


async def answer_http_error(request: Request, refusal: Exception) -> JSONResponse:
    """Answer what the framework refuses: unknown paths, methods, oversized bodies."""
    assert isinstance(refusal, HTTPException)
    title = HTTP_TITLES.get(refusal.status_code, "请求未被接受")
    headers = dict(refusal.headers or {})
    if refusal.status_code == NO_SUCH_METHOD and (methods := methods_at(request)):
        headers["Allow"] = ", ".join(methods)
    return problem(refusal.status_code, f"http-{refusal.status_code}", title, f"{title}。", headers=headers)


def methods_at(request: Request) -> list[str]:
    """Return every method that the path of a request has; the framework names those of its first route only."""
    asked = {"type": "http", "path": request.url.path, "root_path": "", "headers": []}
    routes = [route for route in request.app.router.routes if not isinstance(route, Mount)]
    return [
        method
        for method in METHODS
        if any(route.matches({**asked, "method": method})[0] is Match.FULL for route in routes)
    ]


async def answer_duplicate(request: Request, refusal: Exception) -> JSONResponse:
    """Answer a unique key that was taken in the meantime."""
    text = str(getattr(refusal, "orig", ""))
    for constraint, (code, detail) in DUPLICATES.items():
        if constraint in text:
            return problem(409, code, "当前状态下不能办理", detail)
    return await answer_unexpected(request, refusal)


async def answer_unavailable(request: Request, refusal: Exception) -> JSONResponse:
    """Answer while the database cannot be reached: nothing was stored, the request may be sent again."""
    if str(getattr(getattr(refusal, "orig", None), "sqlstate", "")).startswith(BEYOND_LIMITS):
        return await answer_unstorable(request, refusal)
    logger.warning("database unavailable: %s", type(refusal).__name__)
    detail = "数据库暂时不可用，请稍后用同一个 Idempotency-Key 重试。"
    return problem(503, "unavailable", "服务暂时不可用", detail, headers={"Retry-After": "5"})


async def answer_unstorable(_request: Request, refusal: Exception) -> JSONResponse:
    """Answer a value that passed every schema and that the database cannot hold."""
    logger.warning("value refused by the database", exc_info=refusal)
    return problem(422, "unstorable", "提交的内容有误", "提交的内容含有无法保存的字符或数值，请检查后重新提交。")


async def answer_forbidden(request: Request, refusal: Exception) -> JSONResponse:
    """Answer where the database does not let us write: history that cannot be appended to lets nothing happen."""
    origin = getattr(refusal, "orig", None)
    if getattr(origin, "sqlstate", None) != FORBIDDEN:
        return await answer_unexpected(request, refusal)
    # Not the whole error, which repeats what was going to be written.
    logger.error("the database refuses to write: %s", str(origin).partition("\n")[0])
    return await answer_domain_error(request, NotRecorded())


async def answer_unexpected(_request: Request, refusal: Exception) -> JSONResponse:
    """Answer a bug: nothing of it leaves but that it happened."""
    logger.error("unexpected error", exc_info=refusal)
    detail = "系统出现错误，已记录；请稍后重试，重试时使用同一个 Idempotency-Key。"
    return problem(500, "internal", "系统错误", detail, request_id=current_request_id())


HANDLERS: dict[type[Exception], ExceptionHandler] = {
    DomainError: answer_domain_error,
    RequestValidationError: answer_validation_error,
    HTTPException: answer_http_error,
    IntegrityError: answer_duplicate,
    DataError: answer_unstorable,
    ProgrammingError: answer_forbidden,
    UnicodeError: answer_unstorable,
    **dict.fromkeys(UNAVAILABLE, answer_unavailable),
    Exception: answer_unexpected,
}


def install(app: FastAPI) -> None:
    """Let the application answer every refusal as a problem."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
