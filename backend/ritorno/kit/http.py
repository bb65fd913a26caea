"""Everything FastAPI-shaped: sessions of a request, limits, headers, problem+json, idempotent routes."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Annotated, Any

import asyncpg
import orjson
import structlog
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ritorno.kit import idempotency
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.kit.pages import MAX_LIMIT, PageQuery
from ritorno.kit.problems import (
    Invalid,
    Malformed,
    Problem,
    StaleVersion,
    TooLarge,
    Unavailable,
    VersionRequired,
    field_errors,
)

# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _read_session(request: Request) -> AsyncIterator[AsyncSession]:
    # PostgreSQL itself refuses a write here: app.state.read_sessions begin their transactions READ ONLY.
    async with request.app.state.read_sessions() as session:
        yield session


async def _write_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session, session.begin():
        request.state.write_session = session
        yield session


ReadSession = Annotated[AsyncSession, Depends(_read_session)]
"""A unit of work that cannot write."""

WriteSession = Annotated[AsyncSession, Depends(_write_session, scope="function")]
"""A unit of work that commits when the function has returned and before the first byte is sent (STYLE §3)."""


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(settings_of)]


def page_query(
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1)] = 50,
) -> PageQuery:
    """Read `cursor` and `limit`; a limit above 200 is clamped, not refused (B-46)."""
    return PageQuery(cursor, min(limit, MAX_LIMIT))


Paging = Annotated[PageQuery, Depends(page_query)]


# ── versions (RULES S-07) ─────────────────────────────────────────────────────────────────────────────────────────────

IfMatch = Annotated[str | None, Header(alias="If-Match", description='The ETag that was read, such as "v3".')]


def set_version(response: Response, version: int) -> None:
    """Give an answer its ETag."""
    response.headers["ETag"] = f'"v{version}"'


def require_version(if_match: str | None, version: int) -> None:
    """Refuse a change to another version than the one the caller read: 428 when none was sent, 412 when stale."""
    if if_match is None:
        raise VersionRequired()
    if if_match.strip() not in {f'"v{version}"', f'W/"v{version}"', f"v{version}", "*"}:
        raise StaleVersion(headers={"ETag": f'"v{version}"'})


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class FieldErrorRead(BaseModel):
    """One field of a refused payload."""

    path: str = Field(examples=["lines.2.total"])
    code: str
    message: str


class ProblemRead(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["/docs/problems#stale-version"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[FieldErrorRead] | None = None


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that may refuse in these ways."""
    by_status: dict[int | str, list[str]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(f"`{problem.code}`: {problem.title}")
    return {status: {"model": ProblemRead, "description": "; ".join(lines)} for status, lines in by_status.items()}


def file_answer(says: str) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that answers with a file.

    The contract calls every file a stream of bytes, because the generators of clients know no other name for one; the
    answer itself carries the type it has.
    """
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"content": binary, "description": says}}


def created(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that answers 201 for what is new, and 200 for what was known."""
    return {201: {"model": model, "description": "It was new."}}


def problem_response(problem: Problem, request_id: str | None) -> Response:
    return Response(
        orjson.dumps({**problem.as_row(), "request_id": request_id}, default=str),
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


class _Internal(Problem):
    status = 500
    code = "internal"
    title = "Something failed on our side"


class _Conflict(Problem):
    status = 409
    code = "conflict"
    title = "Another change came first"


def install_problem_handlers(app: FastAPI) -> None:
    """Make every refusal and every failure one problem+json."""

    def answer(request: Request, problem: Problem) -> Response:
        return problem_response(problem, getattr(request.state, "request_id", None))

    @app.exception_handler(Problem)
    async def _refused(request: Request, problem: Problem) -> Response:
        return answer(request, problem)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        if any(each["type"] == "json_invalid" for each in error.errors()):
            return answer(request, Malformed("The body is not valid JSON."))
        return answer(request, Invalid(errors=field_errors(list(error.errors()))))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        problem = type(
            "_Http",
            (Problem,),
            {
                "status": error.status_code,
                "code": {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused"),
                "title": {404: "Nothing is here", 405: "This method is not offered here"}.get(
                    error.status_code, str(error.detail)
                ),
            },
        )
        return answer(request, problem(headers=dict(error.headers or {})))

    @app.exception_handler(ConnectionError)
    async def _unreachable(request: Request, error: ConnectionError) -> Response:
        log.error("request.unavailable", kind=type(error).__name__)
        return answer(request, Unavailable(headers={"Retry-After": "2"}))

    @app.exception_handler(DBAPIError)
    @app.exception_handler(asyncpg.PostgresError)
    async def _database(request: Request, error: DBAPIError | asyncpg.PostgresError) -> Response:
        cause = getattr(error, "orig", None) or error
        state = str(getattr(cause, "sqlstate", None) or "")
        if state[:2] == "23":
            # A constraint caught what two requests did at once; nothing was written.
            named = getattr(cause, "constraint_name", None) or getattr(cause.__cause__, "constraint_name", None)
            log.warning("request.conflict", constraint=named)
            return answer(request, _Conflict("Nothing was changed; try again."))
        gone = isinstance(error, OperationalError) or getattr(error, "connection_invalidated", False)
        if gone or state[:2] in {"40", "53", "55", "57", "08"}:
            log.error("request.unavailable", sqlstate=state)
            return answer(request, Unavailable("The database is busy; try again.", headers={"Retry-After": "2"}))
        log.error("request.failed", sqlstate=state, exc_info=error)
        return answer(request, _Internal())

    @app.exception_handler(Exception)
    async def _failed(request: Request, error: Exception) -> Response:
        log.error("request.failed", kind=type(error).__name__, exc_info=error)
        return answer(request, _Internal())


# ── routers and idempotent POSTs (RULES S-04) ─────────────────────────────────────────────────────────────────────────


class _Route(APIRoute):
    """Keeps the answer of a POST that carried an Idempotency-Key, in the same unit of work as its effects."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def kept(request: Request) -> Response:
            try:
                response = await handle(request)
            except idempotency.Replay as replay:
                return Response(
                    replay.body,
                    status_code=replay.status,
                    media_type=replay.media_type,
                    headers={"Idempotency-Replayed": "true"},
                )
            claim = getattr(request.state, "idempotency", None)
            session = getattr(request.state, "write_session", None)
            if claim is not None and session is not None and response.status_code < 300:
                # The session commits after this returns; a parallel twin waits on the unique key and then loses whole.
                await idempotency.keep(
                    session, claim, response.status_code, bytes(response.body), response.media_type or ""
                )
            return response

        return kept


def make_router(prefix: str = "/v1", *, tag: str) -> APIRouter:
    """Return a router whose operations are named for the generated client: the function's own name."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=_Route,
        generate_unique_id_function=lambda route: route.name,
    )


async def _claim(request: Request, key: str | None) -> None:
    if key is None:
        return
    credential = request.headers.get("authorization") or request.headers.get("cookie") or ""
    fingerprint = hashlib.sha256(
        b"\n".join([credential.encode(), request.url.path.encode(), await request.body()])
    ).digest()
    claim = idempotency.Claim(f"{request.method} {request.url.path}", key, fingerprint)
    async with request.app.state.sessions() as session:
        await idempotency.replay_or_pass(session, claim)
    request.state.idempotency = claim


_Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


async def idempotency_required(request: Request, key: _Key = None) -> None:
    """Ask for an Idempotency-Key, and answer a replay with the first answer."""
    if key is None:
        raise idempotency.KeyMissing()
    await _claim(request, key)


async def idempotency_optional(request: Request, key: _Key = None) -> None:
    """Honour an Idempotency-Key when one is sent."""
    await _claim(request, key)


# ── middleware ────────────────────────────────────────────────────────────────────────────────────────────────────────

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,80}$")
_FILES = {"/v1/evidence", "/v1/opposition-uploads", "/v1/inbound-mails"}
"""Where a whole file is sent, or a mail with all that is attached to it."""
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)


class Envelope:
    """Names each request, bounds its body, ties its id to every log line, and adds the security headers (S-14,
    S-15).
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.match(given) else str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        path: str = scope["path"]
        limit = self._limit_of(scope["method"], path)

        def refuse_size() -> Response:
            return problem_response(TooLarge(f"The limit here is {limit} bytes.", limit=limit), request_id)

        declared = headers.get(b"content-length")
        if declared is not None and declared.isdigit() and int(declared) > limit:
            await refuse_size()(scope, receive, self._with_headers(send, path, request_id))
            return
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    raise TooLarge(f"The limit here is {limit} bytes.", limit=limit)
            return message

        await self.app(scope, bounded, self._with_headers(send, path, request_id))

    def _limit_of(self, method: str, path: str) -> int:
        if method == "POST" and path == "/v1/imports":
            return self.settings.max_upload_bytes
        is_large = path.endswith("/batch") or path in _FILES
        return self.settings.max_batch_bytes if is_large else self.settings.max_body_bytes

    def _with_headers(self, send: Send, path: str, request_id: str) -> Send:
        extra = [
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        if self.settings.is_https:
            extra.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        private = path.startswith(("/v1/", "/u/", "/p/", "/c/", "/confirm/"))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                added = list(extra)
                if private and b"cache-control" not in names:
                    added.append((b"cache-control", b"no-store"))
                if b"content-security-policy" not in names:
                    added.append((b"content-security-policy", _CSP.encode()))
                message["headers"] = [*message["headers"], *[pair for pair in added if pair[0] not in names]]
            await send(message)

        return sending


Handler = Callable[[Request], Awaitable[Response]]
