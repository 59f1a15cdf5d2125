"""Answers that hold a secret: they are given once, and a repeated request learns only that it has been done."""

from fastapi import Request, Response

from app.api.problems import problem

_HEADER, _NO_STORE = "cache-control", "no-store"


def show_once(response: Response) -> None:
    """Mark an answer that holds a secret: nobody may store it, this service included."""
    response.headers[_HEADER] = _NO_STORE


async def forget(request: Request, response: Response) -> None:
    """Mark a command whose answer is shown once, and of which not even a digest of the request is kept.

    A telephone number could be found out from it.
    """
    request.state.forgotten = True
    show_once(response)


def is_forgotten(request: Request) -> bool:
    """Tell whether nothing of a request may be kept."""
    return getattr(request.state, "forgotten", False)


def kept_answer(response: Response) -> Response:
    """Return what is kept of an answer for a repetition of its request."""
    if response.headers.get(_HEADER) != _NO_STORE:
        return response
    detail = (
        "这个请求已经办理过，答复中的密钥、口令或联系信息只给出一次，不留存。如未收到：密钥和口令请作废后重新申请，"
        "联系信息请换一个 Idempotency-Key 重新查看。"
    )
    return problem(409, "shown-once", "当前状态下不能办理", detail)
