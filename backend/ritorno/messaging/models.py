"""Tables of messaging. No index of `messages` that points to rows contains a column that changes on the way out, so
every step is a HOT update (DATABASE G).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.consents.rules import Channel, Purpose, ServiceKind, TemplateClass
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.messaging.rules import Arm, HoldReason, MessageStatus, QueueState, TemplateStatus


class Template(Base):
    """What a message says, in its present version; `ready` only while nothing forbids sending it (B-25)."""

    __tablename__ = "templates"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("template_class", TemplateClass),
        one_of("purpose", Purpose),
        one_of("service_kind", ServiceKind),
        one_of("status", TemplateStatus),
        CheckConstraint(
            "not is_measured or (channel = 'EMAIL' and template_class = 'MARKETING')",
            name="only_marketing_mail_is_measured",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str | None] = mapped_column(unique=True)
    """The name of a template that came with the product."""
    name: Mapped[str]
    channel: Mapped[str]
    template_class: Mapped[str]
    purpose: Mapped[str]
    service_kind: Mapped[str | None]
    """What it is about, where that decides whether it is a service at all (D-S1…S9)."""
    similarity_group: Mapped[str | None]
    """What it offers, for soft opt-in (C-07)."""
    status: Mapped[str] = mapped_column(default=TemplateStatus.DRAFT)
    uses_purchases: Mapped[bool] = mapped_column(Boolean, default=False)
    """A text that mentions what somebody bought needs PROFILING (C-18)."""
    is_promotional: Mapped[bool] = mapped_column(Boolean, default=False)
    """The promo lint found something (D-05)."""
    is_measured: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    """Openings and clicks are measured, of those who allow it (E-20)."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TemplateText(Base):
    """One language of one version; versions stay, so a message in flight keeps the text it was planned with (B-27)."""

    __tablename__ = "template_texts"

    template_id: Mapped[UUID] = mapped_column(ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    """MJML for email, plain text elsewhere; both with Liquid."""
    html: Mapped[str | None]
    """The MJML compiled once; Liquid is filled in for each person."""
    plain: Mapped[str]
    """The text part, with Liquid."""
    variables: Mapped[list[Any]] = mapped_column(JSONB, default=list)


class Sender(Base):
    """Who a message comes from, by channel and stream: marketing and service mail never share an address (E-09)."""

    __tablename__ = "senders"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("stream", TemplateClass),
        UniqueConstraint("channel", "stream"),
        CheckConstraint("max_parts between 1 and 10", name="max_parts_counted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    channel: Mapped[str]
    stream: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    reply_to: Mapped[str | None]
    is_ready: Mapped[bool] = mapped_column(Boolean, default=False)
    unit_cost_minor: Mapped[int] = mapped_column(default=0)
    """Of one message, or of one part of a text."""
    registered_on: Mapped[date | None]
    """Since when a text's sender stands in the register, or its number is ours, as staff confirmed (M-07)."""
    max_parts: Mapped[int] = mapped_column(SmallInteger, default=3, server_default="3")
    """How many parts a text may have at most (M-04)."""
    warmup_started_on: Mapped[date | None]
    """Since when it is made known little by little (E-18)."""
    warmup_day: Mapped[date | None]
    warmup_allowance: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How many it may write on that day, and what became of them."""
    warmup_sent: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    warmup_deferred: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    checks: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """What the network said of its domain when it was last asked (E-07)."""
    checked_at: Mapped[datetime | None]
    bulk_since: Mapped[datetime | None]
    """Since when receivers hold it to the rules for large senders: once large, for ever (E-07)."""
    version: Mapped[int] = mapped_column(Integer, default=1)


class SenderKey(Base):
    """A key that signs the mail of one sender (DKIM). A new one waits until its public half is found in the DNS; until
    then the one before it signs.
    """

    __tablename__ = "sender_keys"
    __table_args__ = (
        UniqueConstraint("domain", "selector"),
        CheckConstraint("retired_at is null or private_key is null", name="retired_signs_nothing"),
        Index(
            "ix_sender_keys_active",
            "sender_id",
            unique=True,
            postgresql_where=text("active_since is not null and retired_at is null"),
        ),
        Index(
            "ix_sender_keys_waiting",
            "sender_id",
            unique=True,
            postgresql_where=text("active_since is null and retired_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("senders.id", ondelete="CASCADE"))
    domain: Mapped[str]
    selector: Mapped[str]
    private_key: Mapped[str | None]
    """Sealed, and dropped when it is retired."""
    public_key: Mapped[str]
    """Base64 of its DER, as the DNS publishes it."""
    is_given: Mapped[bool]
    """The owner brought it; otherwise it was made here."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    active_since: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class SenderReadiness(Base):
    """Whether a channel may be used at all, from a moment on (G1): a new row when the answer changes, so that the
    past can be asked too.
    """

    __tablename__ = "sender_readiness"
    __table_args__ = (one_of("channel", Channel),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    is_ready: Mapped[bool]
    is_ready_for_marketing: Mapped[bool] = mapped_column(Boolean, default=True)
    """Receivers would refuse in bulk what nobody waits for, while a service message may still pass (E-07)."""
    checks: Mapped[list[Any]] = mapped_column(JSONB)
    """Each condition with its answer, as it was found."""
    checked_at: Mapped[datetime]
    """When it was last looked at and found so."""


class StreamHold(Base):
    """One time a stream was told to wait, by us or by a person: while it lasts nothing of it is claimed (E-08)."""

    __tablename__ = "stream_holds"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("stream", TemplateClass),
        one_of("reason", HoldReason),
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted_by_somebody"),
        Index("ix_stream_holds_open", "channel", "stream", unique=True, postgresql_where=text("lifted_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    channel: Mapped[str]
    stream: Mapped[str]
    reason: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """The numbers that spoke for it, or the words of whoever held it."""
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_because: Mapped[str | None]


class Message(Base):
    """One text to one person, or the reason why there is none."""

    __tablename__ = "messages"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("purpose", Purpose),
        one_of("service_kind", ServiceKind),
        one_of("template_class", TemplateClass),
        one_of("arm", Arm),
        one_of("status", MessageStatus),
        CheckConstraint(
            "status not in ('skipped', 'failed', 'bounced') or reason is not null", name="refusal_has_a_reason"
        ),
        CheckConstraint("status <> 'control' or address_id is null", name="control_holds_no_address"),
        UniqueConstraint("touch_id", "customer_id", "channel", "occasion"),
        UniqueConstraint("touch_id", "address_id"),
        Index("ix_messages_customer_newest", "customer_id", text("planned_at desc")),
        Index("ix_messages_planned_at", text("planned_at desc"), text("id desc")),
        # A summary of page ranges: PostgreSQL may change it in a HOT update, as it may no other index.
        Index(
            "ix_messages_ended_at",
            "ended_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32, "autosummarize": True},
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    touch_id: Mapped[UUID | None]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    contact_point_id: Mapped[UUID | None]
    address_id: Mapped[UUID | None]
    """The oldest contact point with this address, held by the one row that may write to it (D-11)."""
    channel: Mapped[str]
    purpose: Mapped[str]
    service_kind: Mapped[str | None]
    template_class: Mapped[str]
    occasion: Mapped[str] = mapped_column(default="", server_default="")
    template_id: Mapped[UUID] = mapped_column(ForeignKey("templates.id"))
    template_version: Mapped[int] = mapped_column(Integer)
    language: Mapped[str]
    similarity_group: Mapped[str | None]
    uses_purchases: Mapped[bool] = mapped_column(Boolean, default=False)
    """The audience or the text used purchases, so the gate must find PROFILING (C-18)."""
    arm: Mapped[str | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    decision: Mapped[dict[str, Any] | None]
    handoff_decision: Mapped[dict[str, Any] | None]
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """The merge values its text uses, frozen when it was planned."""
    history: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    """Every state with its instant and detail, appended in the update that changes the state: no second row to write.
    """
    cost_minor: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """After this it is too late to be said, and nothing leaves: a code, a birthday wish."""
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When the road was done with it: handed over, refused for good or skipped; what arrives is counted from here."""
    delivered_at: Mapped[datetime | None]
    resends: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How often a person sent it again after it had failed; each time is another mail with another Message-ID."""


class QueuedMessage(Base):
    """Work in flight, narrow and short-lived: the row goes when the message reaches an end (DATABASE G)."""

    __tablename__ = "message_queue"
    __table_args__ = (
        one_of("state", QueueState),
        Index(
            "ix_message_queue_lines",
            *("channel", "stream", "touch_id", "priority", "due_at", "message_id"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_message_queue_paced",
            *("channel", "stream", "receiver", "touch_id", "priority", "due_at", "message_id"),
            postgresql_where=text("state = 'paced'"),
        ),
        # What is queued stands in the lines alone: every index more is written to at each step of each message.
        Index("ix_message_queue_taken", "worker", "touch_id", postgresql_where=text("state <> 'queued'")),
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 10000}},
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str]
    stream: Mapped[str]
    """The class of its template: marketing and service mail never share a line (E-09)."""
    touch_id: Mapped[UUID | None]
    receiver: Mapped[str] = mapped_column(default="", server_default="")
    """Who takes it in: the mail host behind the address, where the channel has one (E-17)."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=QueueState.QUEUED)
    priority: Mapped[int] = mapped_column(SmallInteger)
    """Lower goes first: one message somebody waits for never stands behind a campaign."""
    lease_until: Mapped[datetime | None]
    worker: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


class TouchHold(Base):
    """A touch that is paused: one row, so that a pause of a million messages takes no longer than one of ten."""

    __tablename__ = "touch_holds"

    touch_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    is_final: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    """The touch was cancelled: what a server sends back, refused for now, is taken out as well."""


class SendPace(Base):
    """How fast one stream may write to one receiver that asked us to slow down (E-17): a bucket of tokens shared by
    all workers. Whoever has no row has no limit.
    """

    __tablename__ = "send_paces"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("stream", TemplateClass),
        CheckConstraint("per_minute > 0", name="goes_on"),
    )

    channel: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    receiver: Mapped[str] = mapped_column(primary_key=True)
    per_minute: Mapped[float] = mapped_column(Float)
    tokens: Mapped[float] = mapped_column(Float)
    updated_at: Mapped[datetime]
    clean_since: Mapped[datetime]
    """Since when the receiver has not asked again."""


class CapturedMessage(Base):
    """What would have left: the outbox of an installation without a mail server."""

    __tablename__ = "captured_messages"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str]
    to_address: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    captured_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Confirmation(Base):
    """One question whether an address reaches the person who gave it (C-12), put by mail or by text.

    Neither the link nor the code is kept: both are made again from the installation's key and the message's id.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("channel in ('EMAIL', 'SMS')", name="channel_known"),
        CheckConstraint("tries >= 0", name="tries_counted"),
        UniqueConstraint("message_id"),
        Index(None, "customer_id"),
        Index(None, "contact_point_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    contact_point_id: Mapped[UUID] = mapped_column(ForeignKey("contact_points.id", ondelete="CASCADE"))
    channel: Mapped[str]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Wrong codes so far."""
    confirmed_at: Mapped[datetime | None]
