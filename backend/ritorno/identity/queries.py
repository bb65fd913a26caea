"""Reads of staff, sessions and tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.errors import TokenNotFound, UserNotFound
from ritorno.identity.models import ApiToken, SignInTry, StaffSession, User
from ritorno.identity.rules import Role
from ritorno.kit.pages import Page, PageQuery, paginate


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    user = await session.get(User, user_id)
    if user is None:
        raise UserNotFound()
    return user


async def find_user_by_email(session: AsyncSession, email: str) -> User | None:
    return (await session.execute(select(User).where(User.email == email.strip().lower()))).scalar_one_or_none()


async def list_users(session: AsyncSession, query: PageQuery) -> Page[User]:
    return await paginate(session, select(User), key=[User.name, User.id], query=query, cast=[str, UUID])


async def count_owners(session: AsyncSession) -> int:
    statement = select(func.count()).select_from(User).where(User.role == Role.OWNER, User.is_active)
    return (await session.execute(statement)).scalar_one()


async def find_session(session: AsyncSession, token_hash: bytes) -> tuple[StaffSession, User] | None:
    statement = (
        select(StaffSession, User)
        .join(User, User.id == StaffSession.user_id)
        .where(StaffSession.token_hash == token_hash)
    )
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else None


async def find_token(session: AsyncSession, token_hash: bytes) -> ApiToken | None:
    return (await session.execute(select(ApiToken).where(ApiToken.token_hash == token_hash))).scalar_one_or_none()


async def get_token(session: AsyncSession, token_id: UUID) -> ApiToken:
    token = await session.get(ApiToken, token_id)
    if token is None:
        raise TokenNotFound()
    return token


async def list_tokens(session: AsyncSession, query: PageQuery) -> Page[ApiToken]:
    return await paginate(
        session,
        select(ApiToken),
        key=[ApiToken.created_at, ApiToken.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def count_tries(session: AsyncSession, subject_hash: bytes, *, since: datetime) -> int:
    statement = select(func.count()).where(SignInTry.subject_hash == subject_hash, SignInTry.at > since)
    return (await session.execute(statement)).scalar_one()
