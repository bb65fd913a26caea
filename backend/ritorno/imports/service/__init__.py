"""Every change of imports: drafted and mapped, rehearsed, applied, taken back."""

from ritorno.imports.service.asking import apply, discard, rehearse, undo
from ritorno.imports.service.drafting import (
    change_import,
    forget_mapping,
    header_key_of,
    open_import,
    preview,
    put_mapping,
    use_mapping,
)
from ritorno.imports.service.rejecting import rejected_rows

__all__ = [
    "apply",
    "change_import",
    "discard",
    "forget_mapping",
    "header_key_of",
    "open_import",
    "preview",
    "put_mapping",
    "rehearse",
    "rejected_rows",
    "undo",
    "use_mapping",
]
