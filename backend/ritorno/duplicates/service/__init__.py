"""Every change of duplicates: finding pairs, deciding on them, merging two cards and separating them again."""

from ritorno.duplicates.service.merging import merge
from ritorno.duplicates.service.previewing import preview
from ritorno.duplicates.service.unmerging import unmerge

__all__ = ["merge", "preview", "unmerge"]
