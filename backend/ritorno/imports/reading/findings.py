"""What can be said of a file: a closed set of codes, each with the sentence a person reads."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Why a row could not be read, or what of a file deserves a look."""

    # Rows that could not be read: they are in the canonical file, marked.
    UNCLOSED_QUOTE = "unclosed-quote"
    BAD_QUOTES = "bad-quotes"
    TOO_FEW_CELLS = "too-few-cells"
    TOO_MANY_CELLS = "too-many-cells"
    CELL_TOO_LONG = "cell-too-long"
    UNDECODABLE = "undecodable"
    NUL_CHARACTER = "nul-character"
    # Remarks: the rows were read all the same.
    HEADER_REPEATED = "header-repeated"
    TITLE_SKIPPED = "title-skipped"
    NO_HEADER = "no-header"
    NO_ROWS = "no-rows"
    DUPLICATE_HEADER = "duplicate-header"
    UNNAMED_COLUMN = "unnamed-column"
    TWO_ROW_HEADER = "two-row-header"
    MERGED_CELLS = "merged-cells"
    ERROR_CELL = "error-cell"
    NUMBER_AS_FLOAT = "number-as-float"
    MIXED_DATES = "mixed-dates"
    AMBIGUOUS_DATES = "ambiguous-dates"
    OTHER_SHEETS = "other-sheets"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `row` is the physical row of the file (1 is its first line), `column` the column's name."""

    code: Code
    row: int | None
    column: str | None
    message: str


class UnreadableCode(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    TOO_BIG = "too-big"
    NOT_A_TABLE = "not-a-table"
    ENCRYPTED = "encrypted"
    ZIP_BOMB = "zip-bomb"
    MANY_FILES = "many-files"
    HAS_MACROS = "has-macros"
    EXTERNAL_LINKS = "external-links"
    DAMAGED = "damaged"
    TOO_MANY_COLUMNS = "too-many-columns"
    LINE_TOO_LONG = "line-too-long"
    NO_SUCH_SHEET = "no-such-sheet"


class Unreadable(Exception):
    """The file as a whole cannot be read; nothing of it was kept."""

    def __init__(self, code: UnreadableCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
