"""Every change of recalls: setting them up, planning a day, and the person's own rights."""

from ritorno.recalls.service.person import erase, export, rehome, rehome_back
from ritorno.recalls.service.planning import day_of, due_at, run_day, uses_purchases_of
from ritorno.recalls.service.setup import create_recall, dismiss, edit_recall, seed_defaults, switch

__all__ = [
    "create_recall",
    "day_of",
    "dismiss",
    "due_at",
    "edit_recall",
    "erase",
    "export",
    "rehome",
    "rehome_back",
    "run_day",
    "seed_defaults",
    "switch",
    "uses_purchases_of",
]
