"""Who is asking: resolves the Actor from the cookie or the bearer token, and guards routes by scope (RULES S-09,
S-12, S-13).
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import update
from starlette.requests import HTTPConnection

from ritorno.identity import queries, rules, service
from ritorno.identity.errors import Forbidden, ForeignOrigin, NotSignedIn, StepUpRequired
from ritorno.identity.models import ApiToken, StaffSession
from ritorno.kit import clock, crypto
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings

SEEN_EVERY = timedelta(minutes=1)
_SAFE = {"GET", "HEAD", "OPTIONS"}
_TOKEN = HTTPBearer(scheme_name="token", description="An API token, `rit_…`.", auto_error=False)
"""Published, so that generated clients send it; `resolve_actor` is who reads it."""


def cookie_name(settings: Settings) -> str:
    """Return the session cookie's name: the `__Host-` prefix demands https, so plain local http has its own."""
    return "__Host-sid" if settings.is_https else "sid"


def cookie_of(request: HTTPConnection) -> str | None:
    return request.cookies.get(cookie_name(request.app.state.settings))


async def resolve_actor(request: Request) -> Actor:
    """Return who is asking, or raise NotSignedIn; a cookie is believed only from our own pages."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credential:
        actor = await _actor_of_token(request, credential.strip())
    else:
        token = cookie_of(request)
        if token is None:
            raise NotSignedIn()
        actor = await _actor_of_session(request, token)
        _refuse_foreign_origin(request)
    request.state.actor = actor
    structlog.contextvars.bind_contextvars(actor_kind=actor.kind, actor_id=str(actor.id))
    return actor


def _refuse_foreign_origin(request: Request) -> None:
    """Stop cross-site requests that ride on the cookie: own header, Sec-Fetch-Site, and Origin where sent (S-12)."""
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    settings: Settings = request.app.state.settings
    ours = {urlsplit(settings.public_url).netloc, request.headers.get("host", "")}
    if (
        "x-ritorno" not in request.headers
        or (site is not None and site not in {"same-origin", "none"})
        or (origin is not None and urlsplit(origin).netloc not in ours)
    ):
        raise ForeignOrigin()


async def _actor_of_token(request: Request, token: str) -> Actor:
    now = clock.now()
    async with request.app.state.sessions() as session, session.begin():
        row = await queries.find_token(session, crypto.token_hash(token))
        if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
            raise NotSignedIn("This token is unknown, expired or revoked.")
        if row.last_used_at is None or now - row.last_used_at > SEEN_EVERY:
            await session.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now))
    return Actor("token", row.id, row.name, frozenset(row.scopes), language=_language(request) or "it")


async def _actor_of_session(request: Request, token: str) -> Actor:
    now = clock.now()
    async with request.app.state.sessions() as session, session.begin():
        found = await queries.find_session(session, crypto.token_hash(token))
        if found is None:
            raise NotSignedIn()
        row, user = found
        live = rules.is_session_live(
            now, created_at=row.created_at, last_seen_at=row.last_seen_at, revoked_at=row.revoked_at
        )
        if not live or not user.is_active:
            raise NotSignedIn("The session is over.")
        if now - row.last_seen_at > SEEN_EVERY:
            await session.execute(update(StaffSession).where(StaffSession.id == row.id).values(last_seen_at=now))
        request.state.step_up_at = row.step_up_at
    return service.actor_of(user)


def _language(request: Request) -> str | None:
    wanted = request.headers.get("accept-language", "")[:2].lower()
    return wanted if wanted in {"it", "en"} else None


def language_of(request: Request, actor: Actor) -> str:
    """Return the language of sentences in an answer: what the request asks for, else the person's own."""
    return _language(request) or actor.language


def require(scope: str) -> Callable[..., Awaitable[Actor]]:
    """Return the dependency that lets in only those who have this scope, and gives the Actor."""

    async def guarded(
        request: Request, _token: Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)]
    ) -> Actor:
        actor = await resolve_actor(request)
        if not actor.may(scope):
            raise Forbidden(f"This needs {scope}.", needs=scope)
        return actor

    return guarded


async def signed_in(request: Request) -> Actor:
    """The dependency for what any member of staff may do; a token is nobody of the staff."""
    actor = await resolve_actor(request)
    if actor.kind != "user":
        raise Forbidden("This belongs to a person, not to a token.")
    return actor


def refuse_without_step_up(request: Request, actor: Actor) -> None:
    """Ask a person to prove again who they are; a token proved it by its scope (S-13, DESIGN §4)."""
    if actor.kind == "user" and not rules.is_stepped_up(clock.now(), getattr(request.state, "step_up_at", None)):
        raise StepUpRequired()
