"""What the API says and hears of staff, sessions and tokens."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import EmailStr, Field

from ritorno.identity.rules import MAX_PASSWORD, MIN_PASSWORD, Role
from ritorno.kit.schemas import Input, Instant, Schema

Language = Literal["it", "en"]


class SignIn(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    email: str = Field(max_length=254)
    password: str = Field(max_length=MAX_PASSWORD)
    code: str | None = Field(default=None, max_length=20, description="Six digits, or a recovery code.")


class StepUp(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    code: str | None = Field(default=None, max_length=20)
    password: str | None = Field(default=None, max_length=MAX_PASSWORD)


class MeBusiness(Schema):
    name: str
    timezone: str
    currency: str
    language: str
    country: str


class Me(Schema):
    id: UUID
    name: str
    email: str
    role: Role
    scopes: list[str]
    language: Language
    totp_enrolled: bool
    step_up_until: Instant | None
    business: MeBusiness
    demo: bool
    captures_messages: bool


class MePatch(Input):
    language: Language | None = None


class PasswordPut(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"current_password", "new_password"})

    current_password: str = Field(max_length=MAX_PASSWORD)
    new_password: str = Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)


class TotpOffer(Schema):
    secret: str
    otpauth_uri: str


class TotpConfirm(Input):
    code: str = Field(pattern=r"^\d{6}$")


class RecoveryCodes(Schema):
    recovery_codes: list[str]


class DemoSignIn(Schema):
    email: str
    password: str


class SignInHints(Schema):
    business_name: str
    language: Language
    demo: DemoSignIn | None


class UserRead(Schema):
    id: UUID
    email: str
    name: str
    role: Role
    language: Language
    is_active: bool
    created_at: Instant


class UserCreate(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    email: EmailStr
    name: str = Field(min_length=1, max_length=200)
    role: Role
    password: str = Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)
    language: Language = "it"


class UserPatch(Input):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    role: Role | None = None
    is_active: bool | None = None


class TokenRead(Schema):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: str
    created_at: Instant
    last_used_at: Instant | None
    expires_at: Instant | None
    revoked_at: Instant | None


class TokenCreate(Input):
    name: str = Field(min_length=1, max_length=100)
    scopes: list[str] = Field(min_length=1, max_length=30)
    expires_on: date | None = None


class TokenCreated(TokenRead):
    token: str = Field(description="Shown once; keep it where secrets are kept.")
