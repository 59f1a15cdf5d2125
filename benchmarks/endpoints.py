"""Two endpoints that do nothing: a bare FastAPI one, and one of ours behind sign-in."""

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from app.api.command import CommandRoute
from app.api.dependencies import CurrentRequest
from app.main import serve

PATH = "/api/v1/empty"


class Empty(BaseModel):
    """The answer of both."""

    status: str


def bare() -> FastAPI:
    """Return the framework alone with one endpoint."""
    app = FastAPI()

    @app.get(PATH)
    async def get_empty() -> Empty:
        return Empty(status="ok")

    return app


def ours() -> FastAPI:
    """Return the whole service with one endpoint more, which asks for nothing but a signed-in caller."""
    app, router = serve(), APIRouter(route_class=CommandRoute)

    @router.get(PATH)
    async def get_empty(_: CurrentRequest) -> Empty:
        return Empty(status="ok")

    app.include_router(router)
    # Routes are tried in turn; ours for filing stand first, so this one does, too.
    app.router.routes.insert(0, app.router.routes.pop())
    return app
