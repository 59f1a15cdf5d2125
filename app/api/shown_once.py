"""Answers that hold a secret: they are given once, and a repeated request learns only that it has been done."""

from fastapi import Response

from app.api.problems import problem

_HEADER, _NO_STORE = "cache-control", "no-store"


def show_once(response: Response) -> None:
    """Mark an answer that holds a secret: nobody may store it, this service included."""
    response.headers[_HEADER] = _NO_STORE


def kept_answer(response: Response) -> Response:
    """Return what is kept of an answer for a repetition of its request."""
    if response.headers.get(_HEADER) != _NO_STORE:
        return response
    detail = "这个请求已经办理过，其中的密钥或口令只显示一次；如未收到，请作废后重新申请。"
    return problem(409, "shown-once", "当前状态下不能办理", detail)
