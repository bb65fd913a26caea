"""Retention over HTTP: the clocks, and what tonight would remove."""

from ritorno.kit.http import make_router

router = make_router(tag="privacy")
