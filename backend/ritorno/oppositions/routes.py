"""The opposition register over HTTP: upload an answer of the operator, see how old each is."""

from ritorno.kit.http import make_router

router = make_router(tag="oppositions")
