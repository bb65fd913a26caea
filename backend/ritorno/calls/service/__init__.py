"""Every change of the telephone: the next person, what came of a call, the rights of the person."""

from ritorno.calls.service.offering import Offer, give_back, offer_next, renew
from ritorno.calls.service.person import erase, export
from ritorno.calls.service.recording import record_outcome

__all__ = ["Offer", "erase", "export", "give_back", "offer_next", "record_outcome", "renew"]
