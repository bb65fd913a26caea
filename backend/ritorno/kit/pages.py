"""Keyset pages: signed opaque cursors, limits clamped, totals counted on the first page only (RULES S-06, STYLE §6)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, SQLColumnExpression, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.problems import BadCursor
from ritorno.kit.schemas import Input

Item = TypeVar("Item")

MAX_LIMIT = 200
EXACT_UP_TO = 10_000

_secret = b""


def set_cursor_secret(secret: bytes) -> None:
    """Set, once at start, the key that makes a cursor ours."""
    global _secret
    _secret = hashlib.sha256(b"cursor:" + secret).digest()


class Page(BaseModel, Generic[Item]):
    """One page of a list; `total` is null after the first page and capped at 10,000.

    Queries return pages of rows, routes answer with pages of schemas: hence arbitrary types.
    """

    model_config = ConfigDict(from_attributes=True, arbitrary_types_allowed=True)

    items: list[Item]
    next_cursor: str | None = None
    prev_cursor: str | None = None
    total: int | None = None
    total_is_capped: bool = False


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Where a page starts and how long it is."""

    cursor: str | None = None
    limit: int = 50

    @property
    def is_first(self) -> bool:
        return self.cursor is None


class PagedFilter(Input):
    """The query of a list that is filtered: its own fields, and where the page starts. One model says both, because
    unknown parameters are refused (STYLE §6).
    """

    cursor: Annotated[str | None, Field(max_length=1000)] = None
    limit: Annotated[int, Field(ge=1)] = 50

    @property
    def page(self) -> PageQuery:
        """Return the page that is wanted; a limit above 200 is clamped, not refused (B-46)."""
        return PageQuery(self.cursor, min(self.limit, MAX_LIMIT))


def encode_cursor(values: list[Any], *, backwards: bool = False) -> str:
    """Return an opaque signed position."""
    body = orjson.dumps([values, backwards], default=str)
    return base64.urlsafe_b64encode(hmac.digest(_secret, body, "sha256")[:12] + body).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[list[Any], bool]:
    """Return the position and its direction; BadCursor if it was edited or made up."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        body = raw[12:]
        if not hmac.compare_digest(hmac.digest(_secret, body, "sha256")[:12], raw[:12]):
            raise BadCursor()
        values, backwards = orjson.loads(body)
    except (ValueError, TypeError) as error:
        raise BadCursor() from error
    return values, backwards


async def paginate(
    session: AsyncSession,
    statement: Select[*tuple[Any, ...]],
    *,
    key: Sequence[SQLColumnExpression[Any]],
    query: PageQuery,
    descending: bool = False,
    cast: Sequence[Any] | None = None,
    count: bool = True,
) -> Page[Any]:
    """Return a page of rows ordered by `key`, which must end with a unique column and be not null.

    `cast` turns the cursor's JSON values back into what the columns compare with. Rows are what the statement
    selects: entities
    when it selects one entity, `Row`s otherwise. The key columns are selected along to make the cursors.
    """
    values, backwards = decode_cursor(query.cursor) if query.cursor else (None, False)
    down = descending != backwards
    width = len(key)
    keyed = statement.add_columns(*key)
    if values is not None:
        position = [turn(value) for turn, value in zip(cast, values, strict=True)] if cast else values
        bound = tuple_(*position)
        keyed = keyed.where(tuple_(*key) < bound if down else tuple_(*key) > bound)
    keyed = keyed.order_by(None).order_by(*[column.desc() if down else column.asc() for column in key])
    rows = list((await session.execute(keyed.limit(query.limit + 1))).all())
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if backwards:
        rows.reverse()
    single = len(rows[0]) - width == 1 if rows else True
    items = [row[0] if single else row for row in rows]
    page: Page[Any] = Page.model_construct(
        items=items, next_cursor=None, prev_cursor=None, total=None, total_is_capped=False
    )
    if rows:
        if more or backwards:
            page.next_cursor = encode_cursor(list(rows[-1][-width:]))
        if (more and backwards) or (values is not None and not backwards):
            page.prev_cursor = encode_cursor(list(rows[0][-width:]), backwards=True)
    if count and query.is_first:
        page.total, page.total_is_capped = await count_capped(session, statement)
    return page


async def count_capped(session: AsyncSession, statement: Select[*tuple[Any, ...]]) -> tuple[int, bool]:
    """Return an exact count up to 10,000, or the cap and True."""
    inner = statement.order_by(None).limit(EXACT_UP_TO + 1).subquery()
    found = (await session.execute(select(func.count()).select_from(inner))).scalar_one()
    return min(found, EXACT_UP_TO), found > EXACT_UP_TO
