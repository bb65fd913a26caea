"""Consent forms over HTTP: one box for one purpose, never ticked beforehand (C-05, B-10)."""

from ritorno.kit.http import make_router

router = make_router(tag="consents")
