"""The register of processing, processors and breaches over HTTP."""

from ritorno.kit.http import make_router

router = make_router(tag="accountability")
