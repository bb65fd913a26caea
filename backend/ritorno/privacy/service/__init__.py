"""Every change of requests and packs: receiving, making sure who asks, the clock, the answer, the packs."""

from ritorno.privacy.service.answering import answer, take_back
from ritorno.privacy.service.identifying import confirm_link, identify
from ritorno.privacy.service.packing import ask_for_pack, deliver_pack, expire_packs, fetch_pack
from ritorno.privacy.service.person import erase, export, rehome, rehome_back
from ritorno.privacy.service.receiving import receive_access, receive_erasures, receive_request
from ritorno.privacy.service.timing import assign, extend, pause, remind, resume

__all__ = [
    "answer",
    "ask_for_pack",
    "assign",
    "confirm_link",
    "deliver_pack",
    "erase",
    "expire_packs",
    "export",
    "extend",
    "fetch_pack",
    "identify",
    "pause",
    "receive_access",
    "receive_erasures",
    "receive_request",
    "rehome",
    "rehome_back",
    "remind",
    "resume",
    "take_back",
]
