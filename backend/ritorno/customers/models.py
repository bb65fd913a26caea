"""Tables of the card. `search_name` and every key that is searched by prefix are folded in Python and sorted byte by
byte (DATABASE F).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.customers.rules import (
    AcquisitionSource,
    ContactKind,
    ContactLevel,
    Gender,
    IdentifierKind,
    MergeReason,
    PairState,
    PairTier,
    SpendingCapacity,
    SubjectType,
)
from ritorno.kit.db import Base, Sorted, one_of
from ritorno.kit.ids import uuid7


class Customer(Base):
    """One person or company, customer or prospect."""

    __tablename__ = "customers"
    __table_args__ = (
        one_of("subject_type", SubjectType),
        one_of("gender", Gender),
        one_of("acquisition_source", AcquisitionSource),
        one_of("spending_capacity", SpendingCapacity),
        CheckConstraint("language ~ '^[a-z]{2}$'", name="language_code"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint("birth_on >= '1900-01-01'", name="birth_plausible"),
        CheckConstraint("version > 0", name="version_positive"),
        Index(None, "search_name", "id"),
        Index(
            "ix_customers_search_name_trigram",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        Index(None, "search_given_name", "id"),
        Index("ix_customers_created", text("created_at desc"), text("id desc")),
        Index("ix_customers_city_created", "city", text("created_at desc"), text("id desc")),
        Index("ix_customers_home_store_created", "home_store_id", text("created_at desc"), text("id desc")),
        Index(None, "city", "birth_on"),
        Index(None, "birthday"),
        Index(None, "merged_into_id", postgresql_where=text("merged_into_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_type: Mapped[str] = mapped_column(default=SubjectType.PERSON, server_default=SubjectType.PERSON)
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    """A company keeps its name here."""
    search_name: Mapped[str] = mapped_column(Sorted(), default="", server_default="")
    """Family name, then given name, folded by `rules.fold_name`."""
    search_given_name: Mapped[str] = mapped_column(Sorted(), default="", server_default="")
    birth_on: Mapped[date | None]
    birthday: Mapped[int | None] = mapped_column(
        SmallInteger,
        Computed("(extract(month from birth_on) * 100 + extract(day from birth_on))::smallint", persisted=True),
    )
    """Month × 100 + day of birth: who celebrates on a day is one indexed read."""
    is_minor_flagged: Mapped[bool] = mapped_column(default=False, server_default="false")
    gender: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="it", server_default="it")
    acquisition_source: Mapped[str | None]
    first_contact_on: Mapped[date | None]
    spending_capacity: Mapped[str | None]
    home_store_id: Mapped[UUID | None] = mapped_column(ForeignKey("stores.id"))
    country: Mapped[str] = mapped_column(default="IT", server_default="IT")
    timezone: Mapped[str | None]
    city: Mapped[str | None]
    """The town of the current postal address, copied here so that lists filter on one table."""
    deceased_at: Mapped[datetime | None]
    restricted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    last_detached_at: Mapped[datetime | None]
    """When the newest of their purchases happened that cannot be traced to them any more: the end of a relationship is
    counted from it (C-31).
    """
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    """The card this one became part of: its row stays whole and is nobody any more, until they are separated."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ContactPoint(Base):
    """One address, of one kind, with its own validity and its own proof that it reaches the person (C-13)."""

    __tablename__ = "contact_points"
    __table_args__ = (
        one_of("kind", ContactKind),
        one_of("level", ContactLevel),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="validity_ordered"),
        CheckConstraint("(kind = 'POSTAL') = (address is not null)", name="address_of_post_only"),
        CheckConstraint("kind <> 'PHONE' or match_key ~ '^[+][1-9][0-9]{3,14}$'", name="phone_e164"),
        Index(
            "uq_contact_points_current_value",
            "customer_id",
            "kind",
            "match_key",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
        Index(
            "uq_contact_points_one_primary",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=text("is_primary and valid_to is null"),
        ),
        Index(None, "customer_id"),
        Index(None, "kind", "match_key"),
        Index("ix_contact_points_phone_end", text("reverse(match_key)"), postgresql_where=text("kind = 'PHONE'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str]
    value: Mapped[str]
    """What a message is sent to: the address with its local part kept, the phone in E.164 (M-01), the address on one
    line.
    """
    raw: Mapped[str | None]
    """As it was given, where that differs from `value`."""
    match_key: Mapped[str] = mapped_column(Sorted())
    """What two spellings of one address share: casefolded email, E.164 phone, folded postal address."""
    is_mobile: Mapped[bool | None]
    level: Mapped[str] = mapped_column(default=ContactLevel.UNVERIFIED, server_default=ContactLevel.UNVERIFIED)
    level_evidence: Mapped[dict[str, Any] | None]
    invalid_at: Mapped[datetime | None]
    hard_bounced_at: Mapped[datetime | None]
    complained_at: Mapped[datetime | None]
    is_primary: Mapped[bool] = mapped_column(default=False, server_default="false")
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    source: Mapped[str]
    valid_from: Mapped[datetime] = mapped_column(server_default=func.now())
    valid_to: Mapped[datetime | None]


class Identifier(Base):
    """A card number or the key of this person in another system; one owner at a time, for ever unique."""

    __tablename__ = "identifiers"
    __table_args__ = (
        one_of("kind", IdentifierKind),
        UniqueConstraint("kind", "source", "value"),
        CheckConstraint("kind <> 'CARD' or source = 'card'", name="cards_share_one_source"),
        CheckConstraint("kind <> 'FISCAL' or source = 'IT'", name="fiscal_codes_share_one_source"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="validity_ordered"),
        Index(None, "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str]
    source: Mapped[str] = mapped_column(Sorted())
    value: Mapped[str] = mapped_column(Sorted())
    content_hash: Mapped[int | None]
    """Digest of the last body this source sent under this key: an unchanged repeat costs one comparison and undoes
    nobody's edit.
    """
    valid_from: Mapped[datetime] = mapped_column(server_default=func.now())
    valid_to: Mapped[datetime | None]


class CustomerTag(Base):
    """A word staff or an integration put on the card."""

    __tablename__ = "customer_tags"
    __table_args__ = (Index(None, "tag", "customer_id"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)


class CustomerInterest(Base):
    """Something the person said they like, with where it was learnt."""

    __tablename__ = "customer_interests"
    __table_args__ = (Index(None, "label", "customer_id"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    learnt_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CustomerNote(Base):
    """A private note of staff; the person may ask to read it (C-22)."""

    __tablename__ = "customer_notes"
    __table_args__ = (Index("ix_customer_notes_newest", "customer_id", text("created_at desc"), text("id desc")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    body: Mapped[str]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DuplicatePair(Base):
    """Two cards that may be one person; `low_id` is the older id, so that a pair exists once."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        one_of("tier", PairTier),
        one_of("state", PairState),
        CheckConstraint("low_id < high_id", name="cards_ordered"),
        CheckConstraint("probability between 0 and 1", name="probability_sane"),
        UniqueConstraint("low_id", "high_id"),
        Index(None, "high_id"),
        Index(None, "state", "probability", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    low_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    high_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    probability: Mapped[float]
    tier: Mapped[str]
    evidence: Mapped[list[Any]]
    """One entry per comparison: field, level, weight. The values themselves stay on the cards."""
    state: Mapped[str] = mapped_column(default=PairState.OPEN, server_default=PairState.OPEN)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    found_at: Mapped[datetime]
    key: Mapped[str]
    """Digest of both cards' names and contact points: a verdict stands until it changes."""


class Merge(Base):
    """Two cards of one person made one, and perhaps two again; what it did is kept, so that it can be undone whole."""

    __tablename__ = "merges"
    __table_args__ = (
        one_of("reason", MergeReason),
        CheckConstraint("winner_id <> loser_id", name="two_cards"),
        CheckConstraint("(unmerged_at is null) = (kept is null)", name="undone_with_its_account"),
        Index("uq_merges_standing", "loser_id", unique=True, postgresql_where=text("unmerged_at is null")),
        Index(None, "winner_id"),
        Index(None, "loser_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    winner_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    loser_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    pair_id: Mapped[UUID | None]
    reason: Mapped[str]
    choices: Mapped[dict[str, Any]]
    """Field → the card whose value was chosen, for the fields somebody chose."""
    changes: Mapped[list[Any]]
    """Every column of a card or contact point that took another value: table, id, column, before, after."""
    kept: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Of those, what had changed again since and was left so when the cards were separated."""
    merged_at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    unmerged_at: Mapped[datetime | None]
    unmerged_by: Mapped[str | None]


class MergeMove(Base):
    """The rows of one table that went from one card to the other, by what is left of their primary keys."""

    __tablename__ = "merge_moves"

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("merges.id", ondelete="CASCADE"), primary_key=True)
    table_name: Mapped[str] = mapped_column(primary_key=True)
    keys: Mapped[list[Any]]
