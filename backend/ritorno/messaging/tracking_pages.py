"""Where measured links and pictures lead: public, signed, and silent about who asked (E-20…E-23)."""

from ritorno.kit.http import make_router

router = make_router(tag="messages")
