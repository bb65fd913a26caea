"""Signing in and out, and oneself: an answer composed of the person and the business."""

from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity import auth, queries, rules, service
from ritorno.identity.auth import signed_in
from ritorno.identity.errors import CodeRequired, NotSignedIn, SignInFailed, TooManyTries
from ritorno.identity.models import User
from ritorno.identity.schemas import DemoSignIn, Me, MeBusiness, MePatch, SignIn, SignInHints, StepUp
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.http import (
    AppSettings,
    ReadSession,
    WriteSession,
    make_router,
    problem_response,
    problem_responses,
)
from ritorno.kit.problems import Problem
from ritorno.stores import queries as stores

router = make_router(tag="identity")

Oneself = Annotated[Actor, Depends(signed_in)]


@router.get("/sign-in-hints")
async def get_sign_in_hints(session: ReadSession, settings: AppSettings) -> SignInHints:
    """Tell, before anybody signed in, whose installation this is; the demo also tells its own sign-in."""
    business = await stores.get_business(session)
    demo = None
    if settings.demo:
        demo = DemoSignIn(email=settings.admin_email, password=settings.admin_password.get_secret_value())
    return SignInHints(business_name=business.name, language="en" if business.language == "en" else "it", demo=demo)


@router.post(
    "/sessions",
    status_code=201,
    response_model=Me,
    responses=problem_responses(SignInFailed, CodeRequired, TooManyTries),
)
async def sign_in(
    session: WriteSession, settings: AppSettings, body: SignIn, request: Request, response: Response
) -> Me | Response:
    """Open a session; the cookie is HttpOnly and nothing else carries the token (S-12)."""
    outcome = await service.sign_in(session, settings, body)
    if isinstance(outcome, Problem):
        return problem_response(outcome, request.state.request_id)
    token, user = outcome
    response.set_cookie(
        auth.cookie_name(settings),
        token,
        max_age=int(rules.ABSOLUTE.total_seconds()),
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return await _me(session, request, settings, user)


@router.delete("/sessions/current", status_code=204)
async def sign_out(session: WriteSession, settings: AppSettings, request: Request, response: Response) -> None:
    """Close this session."""
    token = auth.cookie_of(request)
    if token is not None:
        await service.sign_out(session, token)
    response.delete_cookie(auth.cookie_name(settings), path="/")


@router.post(
    "/sessions/current/step-up",
    status_code=204,
    response_model=None,
    responses=problem_responses(SignInFailed, NotSignedIn, TooManyTries),
)
async def step_up(
    session: WriteSession, settings: AppSettings, body: StepUp, actor: Oneself, request: Request
) -> Response:
    """Prove again who is asking, for ten minutes."""
    refusal = await service.step_up(session, settings, auth.cookie_of(request) or "", body)
    return Response(status_code=204) if refusal is None else problem_response(refusal, request.state.request_id)


@router.get("/me", responses=problem_responses(NotSignedIn))
async def get_me(session: ReadSession, settings: AppSettings, actor: Oneself, request: Request) -> Me:
    """Tell who is signed in, what they may do, and which business this is."""
    assert actor.id is not None
    return await _me(session, request, settings, await queries.get_user(session, actor.id))


@router.patch("/me", responses=problem_responses(NotSignedIn))
async def change_me(
    session: WriteSession, settings: AppSettings, body: MePatch, actor: Oneself, request: Request
) -> Me:
    """Change one's own language."""
    assert actor.id is not None
    user = await queries.get_user(session, actor.id)
    if body.language is not None:
        user.language = body.language
    return await _me(session, request, settings, user)


async def _me(session: AsyncSession, request: Request, settings: Settings, user: User) -> Me:
    step_up_at = getattr(request.state, "step_up_at", None)
    return Me(
        id=user.id,
        name=user.name,
        email=user.email,
        role=rules.Role(user.role),
        scopes=sorted(rules.SCOPES[rules.Role(user.role)]),
        language="en" if user.language == "en" else "it",
        totp_enrolled=user.totp_secret is not None,
        step_up_until=step_up_at + rules.STEP_UP if step_up_at else None,
        business=MeBusiness.model_validate(await stores.get_business(session)),
        demo=settings.demo,
        captures_messages=settings.captures_mail,
    )
