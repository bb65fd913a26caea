"""The page every problem's `type` points to."""

from httpx import AsyncClient


async def test_the_type_of_a_refusal_leads_to_its_cause_and_remedy(anonymous: AsyncClient) -> None:
    refused = (await anonymous.get("/v1/me")).json()
    path, _, anchor = refused["type"].partition("#")

    page = await anonymous.get(path)

    assert page.headers["content-type"].startswith("text/html")
    section = page.text.split(f'<h2 id="{anchor}">')[1].split("<h2 ")[0]
    assert "<p>401." in section
    assert "<code>Authorization: Bearer rit_…</code>" in section
