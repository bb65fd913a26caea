"""What a text-message provider tells us (M-05, M-09, M-10)."""

from ritorno.kit.http import make_router

router = make_router(tag="inbound")
