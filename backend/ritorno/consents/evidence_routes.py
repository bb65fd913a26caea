"""Evidence files over HTTP: a scan or a signature, kept by its hash (C-13)."""

from ritorno.kit.http import make_router

router = make_router(tag="consents")
