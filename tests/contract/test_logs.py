"""Nothing personal is ever written to a log (STYLE §7, S-15)."""

import pytest
from httpx import AsyncClient

from ritorno.kit import logging

PLANTED = {"given_name": "Xanthippe", "family_name": "Quattrocchi", "email": "xanthippe.q@example.com"}


async def test_a_planted_person_never_reaches_the_log(client: AsyncClient, capfd: pytest.CaptureFixture[str]) -> None:
    logging.configure("json")

    await client.put("/v1/customers/till/planted", json=PLANTED)
    await client.put("/v1/customers/till/planted", json=PLANTED | {"phone": "not a phone +39333xanthippe"})
    await client.post("/v1/customers/lookups", json={"q": "xanthippe"})

    written = capfd.readouterr()
    assert "anthippe" not in (written.out + written.err).lower()
    assert "quattrocchi" not in (written.out + written.err).lower()
