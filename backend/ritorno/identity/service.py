"""Changes of identity: signing in and out, step-up, TOTP, staff, API tokens."""

import hashlib
import secrets
from datetime import UTC, datetime, time
from uuid import UUID

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.identity import passwords, queries, rules
from ritorno.identity.errors import (
    CodeRequired,
    EmailTaken,
    LastOwner,
    SignInFailed,
    TooManyTries,
    WeakPassword,
)
from ritorno.identity.models import ApiToken, RecoveryCode, SignInTry, StaffSession, User
from ritorno.identity.rules import Role
from ritorno.identity.schemas import SignIn, StepUp, TokenCreate, UserCreate, UserPatch
from ritorno.kit import clock, crypto
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.problems import FieldError, Invalid, Problem

_TOTP = "totp"


def actor_of(user: User) -> Actor:
    """Return who acts when this person is signed in."""
    return Actor("user", user.id, user.name, rules.SCOPES[Role(user.role)], user.role, user.language)


async def sign_in(session: AsyncSession, settings: Settings, given: SignIn) -> tuple[str, User] | Problem:
    """Open a session and return its token with the person, or return the refusal: it is not raised, because a wrong
    try must be
    remembered by the same unit of work. A wrong email and a wrong password get the same answer (S-10, S-11).
    """
    email = given.email.strip().lower()
    await _refuse_after_many_tries(session, settings, email)
    user = await queries.find_user_by_email(session, email)
    right = passwords.matches(user.password_hash if user else None, given.password)
    if user is None or not right or not user.is_active:
        return await _refuse_and_remember(session, settings, email, SignInFailed())
    if user.totp_secret is not None:
        if not given.code:
            return CodeRequired()
        if not await _use_code(session, settings, user, given.code):
            wrong = SignInFailed("The code is not right or was used already.")
            return await _refuse_and_remember(session, settings, email, wrong)
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(given.password)
    token = crypto.random_token()
    now = clock.now()
    session.add(
        StaffSession(
            token_hash=crypto.token_hash(token),
            user_id=user.id,
            created_at=now,
            last_seen_at=now,
            step_up_at=now if user.totp_secret else None,
        )
    )
    await activity.record(session, actor_of(user), "session.opened", subject="user", subject_id=user.id)
    return token, user


async def _refuse_and_remember(session: AsyncSession, settings: Settings, email: str, refusal: Problem) -> Problem:
    """Count a failed try, by a keyed hash so that the table names nobody."""
    _, digest = crypto.hmac_hash(settings, "sign-in", email)
    session.add(SignInTry(subject_hash=digest, at=clock.now()))
    return refusal


async def _refuse_after_many_tries(session: AsyncSession, settings: Settings, email: str) -> None:
    _, digest = crypto.hmac_hash(settings, "sign-in", email)
    since = clock.now() - rules.TRIES_WINDOW
    if await queries.count_tries(session, digest, since=since) >= rules.MAX_TRIES:
        raise TooManyTries(headers={"Retry-After": str(int(rules.TRIES_WINDOW.total_seconds()))})


async def sign_out(session: AsyncSession, token: str) -> None:
    """Close the session of this cookie; closing it again changes nothing."""
    await session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == crypto.token_hash(token), StaffSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


async def step_up(session: AsyncSession, settings: Settings, token: str, given: StepUp) -> Problem | None:
    """Prove it is still the same person: the code where TOTP is enrolled, the password otherwise (DESIGN §4).

    The refusal is returned, not raised, so that the try is remembered.
    """
    found = await queries.find_session(session, crypto.token_hash(token))
    if found is None:
        return SignInFailed()
    staff_session, user = found
    await _refuse_after_many_tries(session, settings, user.email)
    if user.totp_secret is not None:
        proved = bool(given.code) and await _use_code(session, settings, user, given.code or "")
    else:
        proved = passwords.matches(user.password_hash, given.password or "")
    if not proved:
        refusal = SignInFailed("That did not prove it is you.")
        return await _refuse_and_remember(session, settings, user.email, refusal)
    staff_session.step_up_at = clock.now()
    await activity.record(session, actor_of(user), "session.stepped_up", subject="user", subject_id=user.id)
    return None


async def _use_code(session: AsyncSession, settings: Settings, user: User, code: str) -> bool:
    """Tell whether a TOTP or recovery code is right, and make it unusable again; only the present 30 s step counts
    (S-11).
    """
    secret = crypto.open_sealed(settings, _TOTP, user.totp_secret or "")
    step = int(clock.now().timestamp()) // 30
    if pyotp.TOTP(secret).verify(code, for_time=clock.now(), valid_window=0):
        if user.totp_last_step is not None and step <= user.totp_last_step:
            return False
        user.totp_last_step = step
        return True
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.user_id)
    )
    return used.scalar_one_or_none() is not None


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.strip().replace("-", "").upper().encode()).digest()


async def offer_totp(session: AsyncSession, settings: Settings, user_id: UUID) -> tuple[str, str]:
    """Return a new secret and its otpauth URI; nothing counts until a code confirms it."""
    user = await queries.get_user(session, user_id)
    secret = pyotp.random_base32()
    user.totp_pending = crypto.seal(settings, _TOTP, secret)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Ritorno")


async def confirm_totp(session: AsyncSession, settings: Settings, user_id: UUID, code: str) -> list[str]:
    """Enrol the offered secret and return ten recovery codes, once; every other session is closed (S-12)."""
    user = await queries.get_user(session, user_id)
    if user.totp_pending is None:
        raise Invalid(errors=[FieldError("code", "not-offered", "Ask for a secret first.")])
    secret = crypto.open_sealed(settings, _TOTP, user.totp_pending)
    if not pyotp.TOTP(secret).verify(code, for_time=clock.now(), valid_window=0):
        raise Invalid(errors=[FieldError("code", "wrong-code", "The code is not the present one.")])
    user.totp_secret, user.totp_pending = user.totp_pending, None
    user.totp_last_step = int(clock.now().timestamp()) // 30
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}".upper() for _ in range(10)]
    session.add_all([RecoveryCode(user_id=user.id, code_hash=_digest(each)) for each in codes])
    await activity.record(session, actor_of(user), "totp.enrolled", subject="user", subject_id=user.id)
    return codes


async def remove_totp(session: AsyncSession, user_id: UUID) -> None:
    """Forget the second factor of this person."""
    user = await queries.get_user(session, user_id)
    user.totp_secret = user.totp_pending = user.totp_last_step = None
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    await activity.record(session, actor_of(user), "totp.removed", subject="user", subject_id=user.id)


async def change_password(session: AsyncSession, user_id: UUID, *, current: str, new: str) -> None:
    """Change one's own password and close every session of this person (S-12)."""
    user = await queries.get_user(session, user_id)
    if not passwords.matches(user.password_hash, current):
        raise SignInFailed("The current password is not right.")
    _refuse_weak(new, user.email)
    user.password_hash = passwords.hash_password(new)
    await _close_sessions(session, user.id)
    await activity.record(session, actor_of(user), "password.changed", subject="user", subject_id=user.id)


def _refuse_weak(password: str, email: str) -> None:
    if len(password) < rules.MIN_PASSWORD or passwords.is_common(password, email=email):
        raise WeakPassword()


async def _close_sessions(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(
        update(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


async def create_user(session: AsyncSession, given: UserCreate, *, actor: Actor) -> User:
    """Add a member of staff."""
    email = given.email.strip().lower()
    _refuse_weak(given.password, email)
    user = User(
        email=email,
        name=given.name,
        role=given.role,
        language=given.language,
        password_hash=passwords.hash_password(given.password),
    )
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise EmailTaken() from error
    await session.refresh(user)
    await activity.record(
        session, actor, "user.created", subject="user", subject_id=user.id, details={"role": given.role}
    )
    return user


async def change_user(session: AsyncSession, user_id: UUID, wanted: UserPatch, *, actor: Actor) -> User:
    """Change name, role or whether a person may sign in; the last active owner stays one."""
    user = await queries.get_user(session, user_id)
    changed = wanted.model_dump(exclude_unset=True, exclude_none=True)
    for name, value in changed.items():
        setattr(user, name, value)
    await session.flush()
    if await queries.count_owners(session) == 0:
        raise LastOwner()
    if {"role", "is_active"} & changed.keys():
        await _close_sessions(session, user.id)
    await activity.record(
        session, actor, "user.changed", subject="user", subject_id=user.id, details={"fields": sorted(changed)}
    )
    return user


async def ensure_admin(session: AsyncSession, *, email: str, password: str, name: str = "Admin") -> bool:
    """Make the first owner of an empty installation; return whether one was made."""
    if await queries.count_owners(session):
        return False
    wanted = User(
        email=email.strip().lower(), name=name, role=Role.OWNER, password_hash=passwords.hash_password(password)
    )
    session.add(wanted)
    await session.flush()
    await activity.record(
        session,
        Actor.system("first start"),
        "user.created",
        subject="user",
        subject_id=wanted.id,
        details={"role": "owner"},
    )
    return True


async def create_token(session: AsyncSession, given: TokenCreate, *, actor: Actor) -> tuple[ApiToken, str]:
    """Issue a token and return it in clear, this once; nobody may give scopes they do not have."""
    unknown = sorted(set(given.scopes) - rules.TOKEN_SCOPES)
    beyond = [scope for scope in given.scopes if not actor.may(scope)]
    if unknown or beyond:
        raise Invalid(
            errors=[FieldError("scopes", "unknown-scope", f"There is no scope {scope}.") for scope in unknown]
            + [FieldError("scopes", "beyond-own", f"You do not have {scope} yourself.") for scope in beyond]
        )
    token = crypto.random_token("rit_")
    row = ApiToken(
        name=given.name,
        prefix=token[:10],
        token_hash=crypto.token_hash(token),
        scopes=sorted(set(given.scopes)),
        created_by=actor.name,
        created_at=clock.now(),
        expires_at=datetime.combine(given.expires_on, time.max, UTC) if given.expires_on else None,
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session, actor, "token.created", subject="token", subject_id=row.id, details={"scopes": row.scopes}
    )
    return row, token


async def revoke_token(session: AsyncSession, token_id: UUID, *, actor: Actor) -> None:
    """Close a token for good."""
    token = await queries.get_token(session, token_id)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        await activity.record(session, actor, "token.revoked", subject="token", subject_id=token.id)
