"""From an archive as it lies to rows the lake understands: one SELECT that parses, checks and recognises.

Texts are parsed here, set-wise, by DuckDB: CSV by its fast reader with the dialect declared, fixed width by cutting
whole lines, Parquet by its own types. A row that cannot be read is counted under its reason, never dropped in silence.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ritorno.customers.rules import IdentifierKind
from ritorno.imports.lake.engine import Engine, name, text
from ritorno.imports.lake.errors import LayoutInvalid
from ritorno.imports.lake.layout import DATASETS, Column, Layout, assume_layout, header, is_utf8, open_text
from ritorno.kit.money import MAX_MINOR, exponent

TOO_RECENT = "too-recent"
GOOD = "part=[0-9][0-9][0-9][0-9]-[0-9][0-9]"
"""The folders of rows that can be loaded, beside those named for a reason: `part=bad-total`."""

TEXT = "VARCHAR"
INSTANT = "TIMESTAMP WITH TIME ZONE"

_REFERENCES = {"card": IdentifierKind.CARD, "external_id": IdentifierKind.EXTERNAL}


@dataclass(frozen=True, slots=True)
class House:
    """What of the business decides how an archive is read."""

    zone: str
    currency: str
    today: date
    first_recorded: date | None
    """From this day on purchases are recorded as transactions, and an archive has no say."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of one archive and how to read them; `columns` are those that have names, with their types."""

    files: Sequence[Path]
    layout: Layout
    columns: dict[str, str]

    @property
    def dataset(self) -> str:
        return self.layout.dataset

    def type_of(self, field: str) -> str:
        place = self.layout.fields[field]
        return self.columns[place] if isinstance(place, str) else TEXT


async def prepare(
    engine: Engine, path: Path, stated: Layout | None, house: House, say: Callable[[str], None]
) -> Archive:
    """Return the archive at a path, ready to be read; LayoutInvalid where the layout is another archive's."""
    files = archive_files(path)
    columns: dict[str, str] = {}
    if files[0].suffix == ".parquet" and (stated is None or stated.format == "parquet"):
        found = await engine.run(f"describe select * from read_parquet({text(str(files[0]))})")
        columns = {row[0]: row[1] for row in found}
    layout = stated or assume_layout(files[0], list(columns), say)
    if layout.format == "csv":
        columns = dict.fromkeys(header(layout, files[0]), TEXT)
    if layout.currency and layout.currency != house.currency:
        raise LayoutInvalid(f"The archive counts in {layout.currency}, this business in {house.currency}.")
    if layout.decimals is not None and layout.decimals > exponent(house.currency):
        raise LayoutInvalid(f"Amounts of {house.currency} have no {layout.decimals} decimals.")
    named = {place for place in layout.fields.values() if isinstance(place, str)}
    if missing := sorted(named - columns.keys()):
        raise LayoutInvalid(f"{files[0].name} has no column {', '.join(missing)}.")
    return Archive(await asyncio.to_thread(_in_utf8, files, layout, engine.folder), layout, columns)


def archive_files(path: Path) -> list[Path]:
    """Return the files of an archive: itself, or all files of its folder in order of name."""
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    if not files or not files[0].is_file():
        raise LayoutInvalid(f"There is no archive at {path}.")
    return files


def _in_utf8(files: Sequence[Path], layout: Layout, scratch: Path) -> Sequence[Path]:
    """Return files of UTF-8, written anew where they are in another encoding."""
    if layout.format == "parquet" or is_utf8(layout.encoding):
        return files
    written = []
    for number, file in enumerate(files):
        target = scratch / f"source-{number}.txt"
        with open_text(file, layout.encoding) as source, target.open("w", encoding="utf-8", newline="") as copy:
            while part := source.read(1 << 20):
                copy.write(part)
        written.append(target)
    return written


def select_rows(archive: Archive, house: House) -> str:
    """Return the query for all rows of an archive: columns of the lake, `pseudonym` (null for nobody we know),
    `is_named`, and `part`: the month of a good row, the reason of a bad one. It joins the table `people`.
    """
    fields, columns = archive.layout.fields, DATASETS[archive.dataset]
    stated = [f"{_stated(archive, field)} as in_{field}" for field in fields]
    parsed = [
        f"{_parsed(archive, field, column, house) if field in fields else column.default} as {column.column}"
        for field, column in columns.items()
    ]
    references = [(field, kind) for field, kind in _REFERENCES.items() if field in fields]
    joins = [
        f"left join people {field} on {field}.kind = '{kind}' and {field}.value = in_{field}"
        for field, kind in references
    ]
    owners = [f"{field}.pseudonym" for field, _ in references] or ["null::bigint"]
    named = [f"in_{field} is not null" for field, _ in references] or ["false"]
    return f"""
        select day, occurred_at, {", ".join(column.column for column in columns.values())},
               coalesce({", ".join(owners)}) as pseudonym, {" or ".join(named)} as is_named,
               coalesce(problem, strftime(day, '%Y-%m')) as part
        from (
            select *, {_problem(archive, house)} as problem
            from (
                select *, {_day(archive, house)} as day, {_moment(archive, house)} as occurred_at, {", ".join(parsed)}
                from (select {", ".join(stated)} from {_relation(archive)})
            )
        ) {" ".join(joins)}
    """


def _relation(archive: Archive) -> str:
    layout, files = archive.layout, ", ".join(text(str(file)) for file in archive.files)
    if layout.format == "parquet":
        return f"read_parquet([{files}], hive_partitioning = false)"
    if layout.format == "fixed":
        # A delimiter no text has: the reader hands over whole lines.
        dialect, columns = "delim = '\x1f', quote = '', escape = '', header = false", ["line"]
    else:
        quote = text(layout.quote)
        dialect = f"delim = {text(layout.delimiter)}, quote = {quote}, escape = {quote}, header = {layout.header}"
        columns = list(archive.columns)
    typed = ", ".join(f"{text(column)}: '{TEXT}'" for column in columns)
    return f"""read_csv([{files}], auto_detect = false, store_rejects = true, skip = {layout.skip}, {dialect},
                        columns = {{{typed}}})"""


def _stated(archive: Archive, field: str) -> str:
    """Return a field as it lies in the archive: a text without blanks around it, or a typed column of Parquet; what
    names a person is a text always, a card without the blanks printed on it.
    """
    place = archive.layout.fields[field]
    found = f"substr(line, {place[0]}, {place[1]})" if isinstance(place, tuple) else name(place)
    if field == "card":
        return f"nullif(replace({found}::varchar, ' ', ''), '')"
    if archive.type_of(field) == TEXT or field in _REFERENCES:
        return f"nullif(trim({found}::varchar), '')"
    return found


def _parsed(archive: Archive, field: str, column: Column, house: House) -> str:
    """Return the value of a column of the lake; null where the field cannot be read."""
    layout, value = archive.layout, f"in_{field}"
    if column.kind == "text":
        return f"{value}::varchar"
    bare = value
    if archive.type_of(field) == TEXT:
        bare = f"replace({bare}, {text(layout.thousands)}, '')" if layout.thousands else bare
        bare = f"replace({bare}, ',', '.')" if layout.decimal == "," else bare
        bare = f"if(ends_with({bare}, '-'), '-' || rtrim({bare}, '-'), {bare})" if layout.trailing_minus else bare
    if column.kind == "whole":
        parsed = f"try_cast({bare} as bigint)"
    elif column.kind == "amount" and layout.decimals is not None:
        parsed = f"try_cast({bare} as bigint) * {10 ** (exponent(house.currency) - layout.decimals)}"
    else:
        scaled = f"try_cast({bare} as decimal(18, 4)) * "
        scaled += str(1000 if column.kind == "quantity" else 10 ** exponent(house.currency))
        parsed = f"if({scaled} = ({scaled})::bigint, ({scaled})::bigint, null)"
    return parsed if column.default == "null" else f"if({value} is null, {column.default}, {parsed})"


def _day(archive: Archive, house: House) -> str:
    layout, kind = archive.layout, archive.type_of("occurred_on")
    if kind == INSTANT:
        return f"timezone({text(house.zone)}, in_occurred_on)::date"
    if kind != TEXT:
        return "in_occurred_on::date"
    if layout.date_format == "%Y-%m-%d":
        return "try_cast(in_occurred_on as date)"
    return f"try_strptime(in_occurred_on, {text(layout.date_format)})::date"


def _moment(archive: Archive, house: House) -> str:
    """Return the moment on the clock of the shop, null where the archive tells only the day."""
    layout, kind = archive.layout, archive.type_of("occurred_on")
    if kind == INSTANT:
        return f"timezone({text(house.zone)}, in_occurred_on)"
    if kind.startswith("TIMESTAMP"):
        return "in_occurred_on::timestamp"
    if kind == TEXT and "%H" in layout.date_format:
        return f"try_strptime(in_occurred_on, {text(layout.date_format)})"
    if "time" not in layout.fields:
        return "null::timestamp"
    if archive.type_of("time") != TEXT:
        return f"({_day(archive, house)}) + in_time::time"
    return f"({_day(archive, house)}) + try_strptime(in_time, {text(layout.time_format)})::time"


def _problem(archive: Archive, house: House) -> str:
    """Return the expression that says why a row cannot be loaded, or null."""
    checks = [f"when day is null or day not between '1970-01-01' and '{house.today}' then 'bad-occurred_on'"]
    if house.first_recorded and archive.dataset == "lines":
        checks.append(f"when day >= '{house.first_recorded}' then '{TOO_RECENT}'")
    for field, column in DATASETS[archive.dataset].items():
        if column.kind == "amount":
            checks.append(f"when {column.column} is null or abs({column.column}) > {MAX_MINOR} then 'bad-{field}'")
        elif column.is_required:
            checks.append(f"when {column.column} is null then 'bad-{field}'")
        elif column.kind != "text" and field in archive.layout.fields:
            checks.append(f"when {column.column} is null and in_{field} is not null then 'bad-{field}'")
    return f"case {' '.join(checks)} end"
