"""What an archive looks like: said by a layout file (docs/archives.md), never guessed from values (RULES B-18)."""

import csv
import gzip
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self, TextIO, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ritorno.imports.lake.errors import LayoutInvalid

Kind = Literal["text", "amount", "quantity", "whole"]


class Column(NamedTuple):
    """A field of an archive and the column of the lake it fills."""

    kind: Kind
    column: str
    is_required: bool = False
    default: str = "null"


_WHEN_AND_WHO = {"occurred_on", "time", "card", "external_id"}
_COMMON = {"receipt": Column("text", "receipt"), "store": Column("text", "store")}
DATASETS: dict[str, dict[str, Column]] = {
    "lines": {
        "receipt": Column("text", "receipt", is_required=True),
        "store": Column("text", "store"),
        "sku": Column("text", "sku", is_required=True),
        "product": Column("text", "product"),
        "category": Column("text", "category"),
        "brand": Column("text", "brand"),
        "quantity": Column("quantity", "quantity_milli", default="1000"),
        "total": Column("amount", "total_minor", is_required=True),
        "discount": Column("amount", "discount_minor", default="0"),
    },
    "points": _COMMON
    | {
        "points": Column("whole", "points", is_required=True),
        "reason": Column("text", "reason"),
        "initiative": Column("text", "initiative"),
    },
    "prizes": _COMMON
    | {
        "prize": Column("text", "prize", is_required=True),
        "quantity": Column("quantity", "quantity_milli", default="1000"),
        "points": Column("whole", "points"),
        "initiative": Column("text", "initiative"),
    },
}

Place = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1, le=1000)]]
"""Where a field of fixed width begins, counted from 1, and how many characters it has."""


class Layout(BaseModel):
    """How to read an archive; a layout file has these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: Literal["lines", "points", "prizes"] = "lines"
    format: Literal["csv", "fixed", "parquet"]
    source: str = ""
    """Whose keys `external_id` and `receipt` are, unless the command says."""
    currency: str = ""
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(max_length=1)] = '"'
    header: bool = True
    columns: tuple[str, ...] = ()
    """The names of the columns, in order, of a CSV file without a header."""
    skip: Annotated[int, Field(ge=0, le=1000)] = 0
    """Lines to pass over before the header or the first row."""
    date_format: str = "%Y-%m-%d"
    time_format: str = "%H:%M:%S"
    decimal: Literal[".", ","] = "."
    thousands: Annotated[str, Field(max_length=1)] = ""
    decimals: Annotated[int, Field(ge=0, le=3)] | None = None
    """Amounts are written without a mark, the last so many digits being decimals."""
    trailing_minus: bool = False
    fields: dict[str, str | Place]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        known = _WHEN_AND_WHO | DATASETS[self.dataset].keys()
        needed = {"occurred_on"} | {field for field, column in DATASETS[self.dataset].items() if column.is_required}
        if unknown := sorted(self.fields.keys() - known):
            raise ValueError(f"{self.dataset} have no field {', '.join(unknown)}; they have {', '.join(sorted(known))}")
        if missing := sorted(needed - self.fields.keys()):
            raise ValueError(f"fields lacks {', '.join(missing)}")
        if any(isinstance(place, str) == (self.format == "fixed") for place in self.fields.values()):
            raise ValueError("a field is a column name, or [begin, width] where the format is fixed")
        if self.format == "csv" and not self.header and not self.columns:
            raise ValueError("a CSV file without a header needs columns")
        return self


def read_layout(file: Path) -> Layout:
    """Return what a layout file says."""
    try:
        return Layout.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LayoutInvalid(f"{file.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LayoutInvalid(f"{file.name}: {where + ': ' if where else ''}{first['msg']}") from error


def assume_layout(file: Path, columns: Sequence[str], say: Callable[[str], None]) -> Layout:
    """Return the layout of an archive whose columns bear the names of our fields already; dates are ISO."""
    stated: dict[str, Any] = {"format": "parquet"}
    if file.suffix != ".parquet":
        dialect = _dialect(file)
        columns = next(csv.reader([_first_line(file)], dialect))
        stated = {"format": "csv", "delimiter": dialect.delimiter, "quote": dialect.quotechar or ""}
        say(f"Read as CSV: columns divided by {dialect.delimiter!r}, texts quoted by {dialect.quotechar!r}.")
    known = _WHEN_AND_WHO | DATASETS["lines"].keys()
    fields = {column.strip().lower(): column for column in columns if column.strip().lower() in known}
    try:
        return Layout.model_validate(stated | {"fields": fields})
    except ValidationError as error:
        raise LayoutInvalid(
            f"The columns of {file.name} do not bear the names of our fields ({', '.join(sorted(known))}): "
            "write a layout file that says which is which."
        ) from error


def header(layout: Layout, file: Path) -> list[str]:
    """Return the names of the columns of a CSV file, in order."""
    if layout.columns:
        return list(layout.columns)
    line = _first_line(file, layout.encoding, layout.skip)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE
    return next(csv.reader([line], delimiter=layout.delimiter, quotechar=layout.quote or None, quoting=quoting), [])


def _dialect(file: Path) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(_first_line(file), delimiters=",;\t|")
    except csv.Error as error:
        raise LayoutInvalid(f"{file.name} does not look like CSV: write a layout file.") from error


def _first_line(file: Path, encoding: str = "utf-8", skip: int = 0) -> str:
    with open_text(file, "utf-8-sig" if is_utf8(encoding) else encoding) as lines:
        for _ in range(skip):
            lines.readline()
        return lines.readline().rstrip("\r\n")


def is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "") in {"utf8", "utf8sig", "ascii"}


def open_text(file: Path, encoding: str) -> TextIO:
    """Open a text for reading, compressed or not; what is no text becomes a mark."""
    if file.suffix == ".gz":
        return cast("TextIO", gzip.open(file, "rt", encoding=encoding, errors="replace", newline=""))
    return file.open(encoding=encoding, errors="replace", newline="")
