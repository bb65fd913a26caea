"""Every change of letters: batches prepared, printed, posted or given up; what the post brings back; the rights of the
person.
"""

from ritorno.postal.service.batches import cancel_batch, post_batch, request_batch
from ritorno.postal.service.forgetting import forget_files
from ritorno.postal.service.person import erase, export, rehome, rehome_back
from ritorno.postal.service.printing import AddressList, addresses
from ritorno.postal.service.returning import record_returns

__all__ = [
    "AddressList",
    "addresses",
    "cancel_batch",
    "erase",
    "export",
    "forget_files",
    "post_batch",
    "record_returns",
    "rehome",
    "rehome_back",
    "request_batch",
]
