"""The catalogue as the API speaks of it."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import Field

from ritorno.catalog.rules import ProductKind
from ritorno.kit.schemas import Input, Schema


class CategoryRead(Schema):
    id: UUID
    code: str
    name: str
    parent_id: UUID | None
    similarity_group: str | None
    usual_interval_days: int | None
    is_recallable: bool


class CategoryPatch(Input):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    similarity_group: str | None = Field(default=None, max_length=100)
    usual_interval_days: int | None = Field(default=None, ge=1, le=3650)
    is_recallable: bool | None = None


class ProductRead(Schema):
    id: UUID
    sku: str
    name: str
    category_id: UUID | None
    brand_id: UUID | None
    kind: ProductKind
    is_own: bool
    similarity_group: str | None
    usual_interval_days: int | None


class ProductPut(Input):
    name: str = Field(min_length=1, max_length=300)
    category: str | None = Field(default=None, max_length=200)
    brand: str | None = Field(default=None, max_length=200)
    kind: ProductKind = ProductKind.PRODUCT
    is_own: bool = True
    similarity_group: str | None = Field(default=None, max_length=100)
    usual_interval_days: int | None = Field(default=None, ge=1, le=3650)


@dataclass(frozen=True, slots=True)
class ProductSeen:
    """A product as a till's line names it: category and brand by name."""

    sku: str
    name: str | None = None
    category: str | None = None
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class ProductKey:
    """What a line needs of its product."""

    id: UUID
    category_id: UUID | None
    brand_id: UUID | None
