"""How well our messages arrive, over HTTP."""

from ritorno.kit.http import make_router

router = make_router(tag="deliverability")
