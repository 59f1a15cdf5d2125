"""The composition root: the application made of its parts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from app.api import documentation, problems
from app.api.announcements import described_webhooks
from app.api.hardening import OPEN_EDGE, Edge, harden
from app.api.rate_limits import Rates
from app.api.routes import (
    accounts,
    anchors,
    anonymised_copies,
    appeals,
    assignments,
    attachments,
    audit,
    calculator,
    calendars,
    clocks,
    closures,
    contact_searches,
    decisions,
    deliveries,
    dispatch,
    enterprises,
    extensions,
    feed,
    feedback,
    health,
    holds,
    identities,
    keys,
    me,
    mergers,
    metrics,
    own_password,
    policies,
    publication_previews,
    publications,
    queue,
    ratings,
    replies,
    retention,
    returns,
    reviews,
    sessions,
    sign_in,
    subscriptions,
    supervision,
    supplements,
    supply_links,
    unmaskings,
)
from app.api.upkeep import keep_noting
from app.config import Settings
from app.domain.attachment import AttachmentLimits
from app.domain.egress import Networks
from app.domain.errors import Fault, Invalid
from app.gateways.egress import Egress
from app.gateways.jwks import ProviderKeys, is_safe_url
from app.gateways.keyring import KeyringFile, SealCipher
from app.gateways.sealing import Sealer
from app.gateways.webhook_sender import WebhookSender
from app.services.accounts import Doorkeeper
from app.services.delivering import Post
from app.services.office import Office
from app.services.proving import Identity
from app.services.shelf import Shelf, open_shelf
from app.services.tokens import TokenVerifier
from app.storage import make_engine
from app.system_time import utc_now

VERSION = "0.1.0"
ROUTERS = (
    # The framework tries one after another: what is asked most stands first.
    appeals,
    queue,
    assignments,
    replies,
    dispatch,
    reviews,
    feedback,
    closures,
    supplements,
    decisions,
    mergers,
    holds,
    returns,
    extensions,
    ratings,
    supply_links,
    supervision,
    attachments,
    clocks,
    anonymised_copies,
    unmaskings,
    contact_searches,
    retention,
    subscriptions,
    deliveries,
    publications,
    publication_previews,
    calendars,
    calculator,
    feed,
    policies,
    anchors,
    audit,
    enterprises,
    sign_in,
    own_password,
    sessions,
    me,
    keys,
    accounts,
    identities,
    health,
    metrics,
)
DESCRIPTION = (
    "企业诉求闭环管理：受理登记、交办、办理、复核反馈、销号，每一个时限都有条款依据，按国务院公布的工作日历计算。"
)


def create_app(
    office: Office,
    *,
    read_time: Callable[[], datetime],
    max_body_bytes: int,
    edge: Edge = OPEN_EDGE,
    identity: Identity | None = None,
    post: Post | None = None,
) -> FastAPI:
    """Build the application around an office and a source of time.

    `edge` says how it may be reached, `post` how messages leave it.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        noting = asyncio.create_task(keep_noting(office, app.state.doorkeeper), name="note uses")
        yield
        noting.cancel()
        await asyncio.wait([noting])
        await office.engine.dispose()

    app = _described(lifespan)
    app.state.office = office
    app.state.identity = identity or Identity()
    app.state.doorkeeper = app.state.identity.doorkeeper
    app.state.post = post or make_post(office, Networks(), read_time)
    app.state.read_time = read_time
    harden(app, edge, max_body_bytes=max_body_bytes)
    _add_operations(app)
    return app


def _described(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return documentation.DescribedAPI(
        title="Bihuan 闭环",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        webhooks=described_webhooks(),
        # A redirection would name the host that the request has made up.
        redirect_slashes=False,
    )


def _add_operations(app: FastAPI) -> None:
    for module in ROUTERS:
        app.include_router(module.router, prefix="/api/v1")
    problems.install(app)
    documentation.install(app)


def make_post(office: Office, allowed: Networks, read_time: Callable[[], datetime]) -> Post:
    """Return how messages leave an office: to public addresses, and into the networks that are allowed."""
    return Post(office, WebhookSender(Egress(allowed)), read_time, allowed)


def make_shelf(settings: Settings) -> Shelf:
    """Return where this process keeps attachments, as its settings say."""
    return open_shelf(
        settings.attachments_place,
        home=settings.home.absolute(),
        clamd=settings.clamd,
        limits=AttachmentLimits(file_bytes=settings.attachment_bytes),
        upload_seconds=settings.attachment_seconds,
    )


def serve() -> FastAPI:
    """Return the application of this process, as its settings say (for uvicorn)."""
    settings = Settings()
    if settings.url is None:
        raise SystemExit("没有指定数据库：请设置 BIHUAN_DATABASE_URL，或用 ./run serve 启动自带的数据库。")
    engine = make_engine(settings.url, pool_size=settings.pool_size)
    keyring = KeyringFile(settings.keyring_path, SealCipher(settings.cipher), utc_now)
    office = Office(engine, shelf=make_shelf(settings), seals=Sealer(keyring.current))
    return create_app(
        office,
        read_time=utc_now,
        max_body_bytes=settings.max_body_bytes,
        edge=edge_of(settings),
        identity=make_identity(settings),
        post=make_post(office, settings.egress_networks, utc_now),
    )


def edge_of(settings: Settings) -> Edge:
    """Return how the service may be reached, as its settings say."""
    rates = Rates(
        principal=settings.requests_per_minute,
        address=settings.unsigned_requests_per_minute,
        attempts=settings.attempts_per_minute,
    )
    return Edge(
        rates=rates if settings.rate_limits else None,
        trusted_proxies=settings.proxies,
        behind_tls=settings.behind_tls,
    )


def make_identity(settings: Settings) -> Identity:
    """Return what people are known by, as the settings say."""
    return Identity(doorkeeper=Doorkeeper(verifier=make_verifier(settings)))


def make_verifier(settings: Settings) -> TokenVerifier | None:
    """Return what reads the tokens of the provider that the settings name; None if they name none."""
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_audience or not is_safe_url(settings.oidc_issuer):
        raise Invalid(
            "统一身份认证的设置有误，请改正下列环境变量后重试。",
            Fault("BIHUAN_OIDC_ISSUER", "应为 https:// 开头的地址，与令牌中的 iss 完全一致"),
            Fault("BIHUAN_OIDC_AUDIENCE", "必填：令牌中的 aud"),
        )
    return TokenVerifier(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithms=tuple(settings.oidc_algorithms.split(",")),
        subject_claim=settings.oidc_subject_claim,
        keys=ProviderKeys(settings.oidc_issuer),
    )
