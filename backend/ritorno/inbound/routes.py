"""What comes back by mail, over HTTP."""

from ritorno.kit.http import make_router

router = make_router(tag="inbound")
