"""Every change of transactions: recorded singly or in batches, claimed, loaded as history; profiles kept in step."""

from ritorno.transactions.service.claiming import claim
from ritorno.transactions.service.history import LoadedHistory, PastLine, PastPurchase, load_history
from ritorno.transactions.service.loading import (
    Before,
    LoadedPurchase,
    Recalled,
    load_purchases,
    settle,
    take_back,
)
from ritorno.transactions.service.merging import rehome, rehome_back
from ritorno.transactions.service.person import detach, erase, export, lift_hold
from ritorno.transactions.service.profiling import rebuild_profiles
from ritorno.transactions.service.putting import put, put_many
from ritorno.transactions.service.recording import Outcome, record_many

__all__ = [
    "Before",
    "LoadedHistory",
    "LoadedPurchase",
    "Outcome",
    "PastLine",
    "PastPurchase",
    "Recalled",
    "claim",
    "detach",
    "erase",
    "export",
    "lift_hold",
    "load_history",
    "load_purchases",
    "put",
    "put_many",
    "rebuild_profiles",
    "record_many",
    "rehome",
    "rehome_back",
    "settle",
    "take_back",
]
