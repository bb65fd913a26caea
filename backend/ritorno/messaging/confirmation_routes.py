"""Confirmation of an address over HTTP: send the mail or the code again, and enter a code at the desk (C-12)."""

from ritorno.kit.http import make_router

router = make_router(tag="consents")
