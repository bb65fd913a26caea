"""Generated documents over HTTP: made, dated, versioned."""

from ritorno.kit.http import make_router

router = make_router(tag="privacy")
