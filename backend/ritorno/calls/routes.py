"""Call lists, over HTTP."""

from ritorno.kit.http import make_router

router = make_router(tag="calls")
