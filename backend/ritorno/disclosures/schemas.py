"""Recipients, disclosures and what recipients must be told, as the API speaks of them."""

from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field, StringConstraints

from ritorno.disclosures.rules import NoticeCause, NoticeState, RecipientStatus
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class RecipientCreate(Input):
    """A third party; it receives nothing before it is activated."""

    name: Name
    category: Name
    merchandise_category: Name
    country: Country
    privacy_contact: Annotated[EmailStr, Field(description="Where withdrawals and erasures are sent.")]
    stated_use: Annotated[str, StringConstraints(min_length=3, max_length=1000)]


class RecipientPatch(Input):
    """What changes of a recipient; what people consented to (name, goods, use) only while it is a draft."""

    name: Name | None = None
    category: Name | None = None
    merchandise_category: Name | None = None
    country: Country | None = None
    privacy_contact: EmailStr | None = None
    stated_use: Annotated[str, StringConstraints(min_length=3, max_length=1000)] | None = None


class ThirdPartyRead(Schema):
    """A third party, what it still lacks to be activated, and how many people's data it was given."""

    id: UUID
    name: str
    category: str
    merchandise_category: str
    country: str
    privacy_contact: str
    stated_use: str
    status: RecipientStatus
    is_registered: bool
    has_notice: bool
    activated_at: Instant | None
    ended_at: Instant | None
    version: int
    people_count: int
    pending_notices: int


class DisclosureRead(Schema):
    """One time a person's data were given to a recipient: which fields, and on which entry of the ledger."""

    handover_id: UUID
    recipient_id: UUID
    recipient_name: str
    export_id: UUID
    fields: list[str]
    disclosed_at: Instant
    disclosed_by: str
    consent_event_id: UUID | None


class DisclosureNoticeRead(Schema):
    """Something a recipient must be told about a person, with the words to write: no name, only the reference that
    stood in the file.
    """

    id: UUID
    recipient_id: UUID
    recipient_name: str
    privacy_contact: str
    customer_id: UUID
    cause: NoticeCause
    state: NoticeState
    created_at: Instant
    settled_at: Instant | None
    settled_by: str | None
    subject: str
    text: str


class DisclosureNoticeFilter(PagedFilter):
    """Which notices to recipients."""

    state: NoticeState | None = None
    recipient_id: UUID | None = None
