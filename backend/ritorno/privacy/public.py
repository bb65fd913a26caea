"""`/p/{token}`: a customer's own page, without an account (UX §4.18)."""

from ritorno.kit.http import make_router

router = make_router("", tag="public")
