"""Staff, their sessions, recovery codes, sign-in tries, and API tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.identity.rules import Role
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class User(Base):
    """A member of staff; the email is kept in lower case."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str] = mapped_column(default="it")
    password_hash: Mapped[str]
    totp_secret: Mapped[str | None]
    """Sealed (S-15); set when enrolment was confirmed."""
    totp_pending: Mapped[str | None]
    totp_last_step: Mapped[int | None]
    """The last step whose code was used: a code works once (S-11)."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RecoveryCode(Base):
    """One of ten codes for a lost phone, stored as a digest, used once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="cascade"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser; the cookie holds a random token, the table its digest (S-12)."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="cascade"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    step_up_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInTry(Base):
    """A failed try, by a keyed hash of what was typed: five in fifteen minutes close the door for a while (S-11)."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "subject_hash", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class ApiToken(Base):
    """A key for a till, a web shop or a script (S-09): prefix and 256 random bits, of which only the digest is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
