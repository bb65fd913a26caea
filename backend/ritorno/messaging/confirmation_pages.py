"""`/confirm/{token}`: double opt-in by a button, never by opening the page (C-12)."""

from ritorno.kit.http import make_router

router = make_router("", tag="public")
