"""Oneself, the staff, and API tokens. Signing in is desk's, because its answer also tells about the business."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from ritorno.identity import auth, queries, service
from ritorno.identity.auth import require, signed_in
from ritorno.identity.errors import (
    EmailTaken,
    Forbidden,
    LastOwner,
    NotSignedIn,
    SignInFailed,
    StepUpRequired,
    TokenNotFound,
    UserNotFound,
    WeakPassword,
)
from ritorno.identity.models import ApiToken, User
from ritorno.identity.schemas import (
    PasswordPut,
    RecoveryCodes,
    TokenCreate,
    TokenCreated,
    TokenRead,
    TotpConfirm,
    TotpOffer,
    UserCreate,
    UserPatch,
    UserRead,
)
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid

router = make_router(tag="identity")

Oneself = Annotated[Actor, Depends(signed_in)]
Reader = Annotated[Actor, Depends(require("identity:read"))]
Writer = Annotated[Actor, Depends(require("identity:write"))]


@router.put("/me/password", status_code=204, responses=problem_responses(SignInFailed, WeakPassword, NotSignedIn))
async def change_my_password(session: WriteSession, body: PasswordPut, actor: Oneself) -> None:
    """Change one's own password; every session of this person is closed, this one too."""
    await service.change_password(session, _id(actor), current=body.current_password, new=body.new_password)


@router.post("/me/totp", responses=problem_responses(NotSignedIn, StepUpRequired))
async def offer_my_totp(session: WriteSession, settings: AppSettings, actor: Oneself, request: Request) -> TotpOffer:
    """Offer a secret for an authenticator app; it counts once a code confirms it."""
    auth.refuse_without_step_up(request, actor)
    secret, uri = await service.offer_totp(session, settings, _id(actor))
    return TotpOffer(secret=secret, otpauth_uri=uri)


@router.put("/me/totp", responses=problem_responses(NotSignedIn, Invalid))
async def confirm_my_totp(
    session: WriteSession, settings: AppSettings, body: TotpConfirm, actor: Oneself
) -> RecoveryCodes:
    """Confirm the offered secret with its present code; the ten recovery codes are shown this once."""
    return RecoveryCodes(recovery_codes=await service.confirm_totp(session, settings, _id(actor), body.code))


@router.delete("/me/totp", status_code=204, responses=problem_responses(NotSignedIn, StepUpRequired))
async def remove_my_totp(session: WriteSession, actor: Oneself, request: Request) -> None:
    """Give up the second factor."""
    auth.refuse_without_step_up(request, actor)
    await service.remove_totp(session, _id(actor))


@router.get("/users", response_model=Page[UserRead], responses=problem_responses(NotSignedIn, Forbidden))
async def list_users(session: ReadSession, paging: Paging, actor: Reader) -> Page[User]:
    """List the staff."""
    return await queries.list_users(session, paging)


@router.post(
    "/users",
    status_code=201,
    response_model=UserRead,
    responses=problem_responses(NotSignedIn, Forbidden, EmailTaken, WeakPassword, Invalid),
)
async def create_user(session: WriteSession, body: UserCreate, actor: Writer, response: Response) -> User:
    """Add a member of staff."""
    user = await service.create_user(session, body, actor=actor)
    response.headers["Location"] = f"/v1/users/{user.id}"
    return user


@router.patch(
    "/users/{user_id}",
    response_model=UserRead,
    responses=problem_responses(NotSignedIn, Forbidden, UserNotFound, LastOwner),
)
async def change_user(session: WriteSession, user_id: UUID, body: UserPatch, actor: Writer) -> User:
    """Change a person's name or role, or whether they may sign in."""
    return await service.change_user(session, user_id, body, actor=actor)


@router.get("/tokens", response_model=Page[TokenRead], responses=problem_responses(NotSignedIn, Forbidden))
async def list_tokens(session: ReadSession, paging: Paging, actor: Reader) -> Page[ApiToken]:
    """List the API tokens, newest first; the tokens themselves are not kept."""
    return await queries.list_tokens(session, paging)


@router.post(
    "/tokens",
    status_code=201,
    response_model=TokenCreated,
    responses=problem_responses(NotSignedIn, Forbidden, Invalid),
)
async def create_token(session: WriteSession, body: TokenCreate, actor: Writer) -> TokenCreated:
    """Issue a token; the answer is the only time it is shown."""
    row, token = await service.create_token(session, body, actor=actor)
    return TokenCreated.model_validate({**TokenRead.model_validate(row).model_dump(), "token": token})


@router.delete(
    "/tokens/{token_id}", status_code=204, responses=problem_responses(NotSignedIn, Forbidden, TokenNotFound)
)
async def revoke_token(session: WriteSession, token_id: UUID, actor: Writer) -> None:
    """Close a token for good; doing it again changes nothing."""
    await service.revoke_token(session, token_id, actor=actor)


def _id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id
