"""Every change of inbound mail: what it does when it comes, what a person says of it, and the rights of the person."""

from ritorno.inbound.service.handling import handle
from ritorno.inbound.service.person import erase, export, rehome, rehome_back
from ritorno.inbound.service.receiving import receive

__all__ = ["erase", "export", "handle", "receive", "rehome", "rehome_back"]
