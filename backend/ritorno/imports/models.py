"""Tables of imports. `import_rows` says what each row did and what it replaced: enough to take all of it back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.imports.rules import ImportKind, ImportOutcome, ImportState
from ritorno.kit.db import Base, Sorted, one_of
from ritorno.kit.ids import uuid7


class Import(Base):
    """One uploaded file, from its first look to its undoing."""

    __tablename__ = "imports"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("state", ImportState),
        Index(None, "created_at", "id"),
        Index(None, "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=ImportState.DRAFT, server_default=ImportState.DRAFT)
    file_name: Mapped[str]
    file_bytes: Mapped[int]
    sha256: Mapped[str]
    file_gone_at: Mapped[datetime | None]
    source: Mapped[str]
    """Under which name the rows' own keys are known: `identifiers.source`, `transactions.source`."""
    format: Mapped[dict[str, Any]]
    columns: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    """What each column becomes, as `schemas.ColumnMapping`."""
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    row_total: Mapped[int | None]
    cursor: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last row of the file that is done, in the state the import is in."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Rows by outcome, of the last rehearsal until the import is applied, then of the application."""
    rehearsal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undo: Mapped[dict[str, Any]] = mapped_column(default=dict)
    job_id: Mapped[UUID | None]
    failure: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    rehearsed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportRow(Base):
    """What one row of the file did. After a rehearsal only the rejected ones and some examples are here."""

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("outcome", ImportOutcome),
        Index(
            "ix_import_rows_changed",
            "import_id",
            "subject_id",
            postgresql_where=text("outcome in ('updated', 'merged')"),
        ),
        Index(
            "ix_import_rows_notable",
            "import_id",
            "outcome",
            "row_no",
            postgresql_where=text("outcome not in ('created', 'unchanged')"),
        ),
        Index(None, "subject_id", postgresql_where=text("subject_id is not null")),
        Index("ix_import_rows_kept", "import_id", "row_no", postgresql_where=text("kept is not null")),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    row_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    outcome: Mapped[str]
    subject_id: Mapped[UUID | None]
    """The card, transaction, product, store, balance or suppression it speaks of."""
    version: Mapped[int | None] = mapped_column(Integer)
    """The version of a card after this row: a higher one later means somebody else has touched it since."""
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it replaced and what it added, field by field."""
    problem: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Findings: reasons of a rejection, or what was mended and should be known. Never a value, only its column."""
    kept: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What undoing left as it is, because it was changed again later."""


class ImportedCustomer(Base):
    """A customer whose purchases came in and whose profile has not been computed from them yet; short-lived."""

    __tablename__ = "imported_customers"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)


class ImportMapping(Base):
    """A mapping kept under a name, found again by the headers of the next file."""

    __tablename__ = "import_mappings"
    __table_args__ = (one_of("kind", ImportKind), Index(None, "kind", "header_key"))

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    header_key: Mapped[str]
    """Digest of the folded header names, in order."""
    source: Mapped[str]
    format: Mapped[dict[str, Any]]
    columns: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_by: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OpeningBalance(Base):
    """Points a card had in another system, kept for the loyalty programme."""

    __tablename__ = "opening_balances"
    __table_args__ = (
        UniqueConstraint("source", "card"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    source: Mapped[str] = mapped_column(Sorted())
    card: Mapped[str] = mapped_column(Sorted())
    points: Mapped[int]
    amount_minor: Mapped[int | None]
    as_of: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
