"""create_app(settings): middleware, routers, problem handlers, the built SPA."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from ritorno import models as _tables  # noqa: F401  every mapper must exist before the first query
from ritorno.accountability import routes as accountability
from ritorno.calls import routes as calls
from ritorno.campaigns import routes as campaigns
from ritorno.catalog import routes as catalog
from ritorno.consents import evidence_routes, form_routes, hashing
from ritorno.consents import public as consents_public
from ritorno.consents import routes as consents
from ritorno.customers import routes as customers
from ritorno.deliverability import routes as deliverability
from ritorno.desk import activity_routes, sign_in
from ritorno.desk import routes as desk
from ritorno.disclosures import routes as disclosures
from ritorno.duplicates import pair_routes as duplicate_pairs
from ritorno.duplicates import routes as duplicates
from ritorno.erasures import routes as erasures
from ritorno.exports import routes as exports
from ritorno.identity import routes as identity
from ritorno.imports import routes as imports
from ritorno.inbound import routes as inbound
from ritorno.inbound import sms_routes
from ritorno.kit import pages
from ritorno.kit.config import Settings
from ritorno.kit.contract import PublishedApp
from ritorno.kit.db import make_engine, make_sessions
from ritorno.kit.http import Envelope, install_problem_handlers
from ritorno.messaging import (
    confirmation_pages,
    confirmation_routes,
    permission_routes,
    sender_routes,
    short_pages,
    tracking_pages,
)
from ritorno.messaging import routes as messaging
from ritorno.oppositions import routes as oppositions
from ritorno.postal import routes as postal
from ritorno.privacy import certificate_routes, document_routes, paper_routes, request_links
from ritorno.privacy import public as privacy_public
from ritorno.privacy import routes as privacy
from ritorno.problem_page import read_problem_page
from ritorno.quality import routes as quality
from ritorno.recalls import routes as recalls
from ritorno.retention import routes as retention
from ritorno.segments import routes as segments
from ritorno.stores import routes as stores
from ritorno.transactions import routes as transactions

PROBLEMS = Path(__file__).parents[2] / "docs/problems.md"

ROUTERS: list[APIRouter] = [
    sign_in.router,
    activity_routes.router,
    identity.router,
    stores.router,
    catalog.router,
    quality.router,
    duplicates.router,
    duplicate_pairs.router,
    imports.router,
    exports.router,
    # Before customers, whose last route takes any two words for a source and a key.
    erasures.router,
    customers.router,
    consents.router,
    evidence_routes.router,
    form_routes.router,
    consents_public.router,
    confirmation_routes.router,
    confirmation_pages.router,
    oppositions.router,
    disclosures.router,
    accountability.router,
    privacy.router,
    certificate_routes.router,
    document_routes.router,
    paper_routes.router,
    retention.router,
    privacy_public.router,
    request_links.router,
    permission_routes.router,
    messaging.router,
    sender_routes.router,
    tracking_pages.router,
    short_pages.router,
    deliverability.router,
    inbound.router,
    sms_routes.router,
    postal.router,
    calls.router,
    transactions.router,
    segments.router,
    campaigns.router,
    recalls.router,
    desk.router,
]


def create_app(settings: Settings, *, frontend: Path | None = None) -> FastAPI:
    """Return the application; it dials nothing until it is started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = make_engine(settings.database_url, application_name="ritorno-api")
        app.state.sessions = make_sessions(engine)
        app.state.read_sessions = make_sessions(engine.execution_options(postgresql_readonly=True))
        yield
        await engine.dispose()

    app = PublishedApp(
        title="Ritorno",
        version="1",
        description="The customer database that brings people back.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    app.state.settings = settings
    hashing.set_peppers(settings)
    pages.set_cursor_secret(settings.secret_key.get_secret_value().encode())
    app.add_middleware(Envelope, settings=settings)
    install_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    _install_health(app)
    _install_problem_page(app)
    if frontend is not None and (frontend / "index.html").is_file():
        _install_frontend(app, frontend)
    return app


def _install_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def is_alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def is_ready(response: Response) -> dict[str, str]:
        async with app.state.sessions() as session:
            await session.execute(text("select 1"))
        return {"status": "ready"}


def _install_problem_page(app: FastAPI) -> None:
    if PROBLEMS.is_file():
        page = read_problem_page(PROBLEMS)

        @app.get("/docs/problems", include_in_schema=False)
        async def explain_problems() -> HTMLResponse:
            return HTMLResponse(page)


def _install_frontend(app: FastAPI, frontend: Path) -> None:
    """Serve the built SPA: hashed files for a year, index.html for every other path so that links and reloads work."""
    assets = frontend / "assets"
    if assets.is_dir():
        app.mount("/assets", _Immutable(directory=assets), name="assets")
    root = frontend.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def open_page(path: str) -> Response:
        wanted = (root / path).resolve()
        if path and wanted.is_file() and wanted.is_relative_to(root):
            return FileResponse(wanted)
        if path.startswith(("v1/", "docs/")):
            raise HTTPException(404)
        return FileResponse(root / "index.html", headers={"Cache-Control": "no-cache"})


class _Immutable(StaticFiles):
    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
