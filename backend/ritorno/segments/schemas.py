"""The filter language as it travels: a tree of `all`, `any`, `not` and conditions, bounded before it is read."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, TypeAdapter, model_validator
from typing_extensions import TypeAliasType

from ritorno.kit.money import MoneyText, to_minor
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.segments.fields import BY_KEY, Kind

MAX_DEPTH = 8
MAX_NODES = 100
MAX_VALUES = 500

Count = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]

NumberField = Literal["age", "birthday_in_days", "last_purchase_days", "overdue_days", "top_percent", "visits"]
MoneyField = Literal["revenue", "revenue_12m"]
ChoiceField = Literal[
    "birth_month",
    "city",
    "contact",
    "gender",
    "interest",
    "language",
    "source",
    "spending_capacity",
    "stage",
    "store",
    "tag",
]
Family = Literal["allowed", "said_no", "to_fix", "not_asked", "later", "review"]
Comparison = Literal["is", "at_least", "at_most", "more_than", "less_than", "between"]


class AllOf(Input):
    """Everybody who meets every part; with no parts, everybody."""

    all: list["Node"] = Field(max_length=50)


class AnyOf(Input):
    """Everybody who meets at least one part."""

    any: list["Node"] = Field(min_length=1, max_length=50)


class NotOf(Input):
    """Everybody else."""

    not_: "Node" = Field(alias="not")


class NumberIs(Input):
    """A count or a number of days, years or percent."""

    field: NumberField
    op: Comparison
    value: Count | tuple[Count, Count]

    @model_validator(mode="after")
    def _pair_for_between(self) -> Self:
        _check_pair(self.op, self.value)
        return self

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """Return the inclusive bounds the comparison means."""
        return bounds_of(self.op, self.value)


class MoneyIs(Input):
    """An amount in the currency of the business."""

    field: MoneyField
    op: Literal["at_least", "at_most", "more_than", "less_than", "between"]
    value: MoneyText | tuple[MoneyText, MoneyText]

    @model_validator(mode="after")
    def _pair_for_between(self) -> Self:
        _check_pair(self.op, self.value)
        return self

    def bounds_in(self, currency: str) -> tuple[int | None, int | None]:
        """Return the inclusive bounds in minor units."""
        if isinstance(self.value, tuple):
            return bounds_of(self.op, (to_minor(self.value[0], currency), to_minor(self.value[1], currency)))
        return bounds_of(self.op, to_minor(self.value, currency))


class DateIs(Input):
    """A calendar day."""

    field: Literal["first_contact"]
    op: Literal["before", "after", "between", "in_last_days"]
    value: date | tuple[date, date] | Annotated[int, Field(ge=1, le=36_500, strict=True)]

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        wanted = {"between": tuple, "in_last_days": int}.get(self.op, date)
        if not isinstance(self.value, wanted):
            raise ValueError(
                f"`{self.op}` needs {'two days' if wanted is tuple else 'a count' if wanted is int else 'one day'}"
            )
        return self


class ChoiceIs(Input):
    """One of a list of values, or none of them."""

    field: ChoiceField
    op: Literal["in", "not_in"] = "in"
    value: list[Label] = Field(min_length=1, max_length=MAX_VALUES)

    @model_validator(mode="after")
    def _values_known(self) -> Self:
        known = {value for value, _, _ in BY_KEY[self.field].choices}
        if known and not known.issuperset(self.value) and self.field != "language":
            raise ValueError(f"`{self.field}` has no such choice")
        if self.field == "store":
            for value in self.value:
                UUID(value)
        return self


class Bought(Input):
    """Bought in a category (and what is below it), a product or a brand: distinct purchases, money net of returns."""

    field: Literal["bought"]
    category_id: UUID | None = None
    product_id: UUID | None = None
    brand_id: UUID | None = None
    at_least: int = Field(default=1, ge=1, le=10_000)
    days: int | None = Field(default=None, ge=1, le=36_500)
    spent_at_least: MoneyText | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(given is not None for given in (self.category_id, self.product_id, self.brand_id)) > 1:
            raise ValueError("name one of category, product or brand")
        return self

    @property
    def thing(self) -> UUID | None:
        return self.category_id or self.product_id or self.brand_id


class Permission(Input):
    """What the gate answers for a purpose on a channel; the gate itself is asked, never imitated."""

    field: Literal["permission"]
    channel: Literal["EMAIL", "SMS", "POST", "PHONE_OPERATOR"]
    purpose: Literal["MKT_OWN", "MARKET_RESEARCH", "SERVICE"] = "MKT_OWN"
    family: Family = Field(default="allowed", alias="is")


def _kind_of(value: Any) -> str | None:
    """Return which model reads a node."""
    if not isinstance(value, dict):
        return _TAGS.get(type(value))
    for word in ("all", "any", "not"):
        if word in value:
            return word
    field = BY_KEY.get(value["field"]) if isinstance(value.get("field"), str) else None
    return None if field is None else "choice" if field.kind is Kind.TEXT else field.kind.value


_TAGS: dict[type, str] = {
    AllOf: "all",
    AnyOf: "any",
    NotOf: "not",
    NumberIs: "number",
    MoneyIs: "money",
    DateIs: "date",
    ChoiceIs: "choice",
    Bought: "purchase",
    Permission: "consent",
}

Node = TypeAliasType(
    "Node",
    Annotated[
        Annotated[AllOf, Tag("all")]
        | Annotated[AnyOf, Tag("any")]
        | Annotated[NotOf, Tag("not")]
        | Annotated[NumberIs, Tag("number")]
        | Annotated[MoneyIs, Tag("money")]
        | Annotated[DateIs, Tag("date")]
        | Annotated[ChoiceIs, Tag("choice")]
        | Annotated[Bought, Tag("purchase")]
        | Annotated[Permission, Tag("consent")],
        Discriminator(
            _kind_of,
            custom_error_type="unknown_condition",
            custom_error_message="a node is `all`, `any`, `not` or a condition on a known field",
        ),
    ],
)
Condition = NumberIs | MoneyIs | DateIs | ChoiceIs | Bought | Permission

for _model in (AllOf, AnyOf, NotOf):
    _model.model_rebuild()


def _measured(value: Any) -> Any:
    """Refuse a tree too deep or too large before anything recursive reads it."""
    level, seen, nodes = [value], 0, 0
    while level:
        seen += 1
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                nodes += 1
                for word in ("all", "any"):
                    parts = node.get(word)
                    below.extend(parts if isinstance(parts, list) else [])
                below.extend([node["not"]] if "not" in node else [])
        if seen > MAX_DEPTH or nodes > MAX_NODES:
            raise ValueError(f"a segment has at most {MAX_DEPTH} levels and {MAX_NODES} conditions")
        level = below
    return value


Tree = Annotated[Node, BeforeValidator(_measured)]
_TREE: TypeAdapter[Any] = TypeAdapter(Tree)


def read_tree(stored: dict[str, Any]) -> Any:
    """Return the models of a stored tree."""
    return _TREE.validate_python(stored)


def write_tree(tree: Any) -> dict[str, Any]:
    """Return the JSON a tree is stored as."""
    dumped: dict[str, Any] = _TREE.dump_python(tree, mode="json", by_alias=True, exclude_none=True)
    return dumped


def bounds_of(op: str, value: int | tuple[int, int]) -> tuple[int | None, int | None]:
    """Return inclusive integer bounds; None is open."""
    if isinstance(value, tuple):
        return value
    return {
        "is": (value, value),
        "at_least": (value, None),
        "at_most": (None, value),
        "more_than": (value + 1, None),
        "less_than": (None, value - 1),
    }[op]


def _check_pair(op: str, value: object) -> None:
    if isinstance(value, tuple) != (op == "between"):
        raise ValueError("`between` needs two values, every other operator one")


class ChoiceRead(Schema):
    """One value a field may take."""

    value: str
    label: str


class SegmentFieldRead(Schema):
    """One thing a segment may ask."""

    key: str
    label: str
    kind: Kind
    operators: list[str]
    choices: list[ChoiceRead] | None
    unit: str | None
    uses_purchases: bool


class SegmentFieldsRead(Schema):
    """Everything a segment may ask."""

    items: list[SegmentFieldRead]


class SegmentCreate(Input):
    """A new saved filter."""

    name: Label
    tree: Tree


class SegmentPatch(Input):
    """A change of a saved filter."""

    name: Label | None = None
    tree: Tree | None = None


class SegmentRead(Schema):
    """A saved filter, readable as a sentence."""

    id: UUID
    name: str
    tree: Tree
    sentence: str
    uses_purchases: bool
    version: int
    last_count: int | None
    updated_at: Instant


class PresetRead(Schema):
    """A filter to start from."""

    key: str
    name: str
    tree: Tree
    sentence: str
    uses_purchases: bool


class PresetsRead(Schema):
    """The filters to start from."""

    items: list[PresetRead]


class SegmentPreviewRequest(Input):
    """A filter to try without saving it."""

    tree: Tree


class MemberRead(Schema):
    """One person of a segment, and why."""

    customer_id: UUID
    full_name: str
    because: str


class SegmentPreviewRead(Schema):
    """Who a filter chooses: the exact count, its sentence, and some of them by name."""

    count: int
    sentence: str
    uses_purchases: bool
    lost_to_profiling: int | None
    took_ms: int
    sample: list[MemberRead]
    reach: dict[str, int] | None


class MembershipRead(Schema):
    """Whether one person is in a segment, and why."""

    is_member: bool
    because: str
