"""A client generated from the published contract does a till's work, without a hand-written line of HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest

from ritorno.kit import clock
from tests.journeys.conftest import OpenShop, Shop

CONTRACT = Path(__file__).parents[2] / "openapi.json"
CARD = "2900000000001"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generate the package `till_client` and make it importable; a schema the generator cannot digest is our defect."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "generator.yml").write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", CONTRACT, "--meta", "none"),
            *("--config", folder / "generator.yml", "--output-path", folder / "till_client"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "warning" not in (made.stdout + made.stderr).lower(), made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield


class Till:
    """Calls operations of the generated package by their names."""

    def __init__(self, shop: Shop) -> None:
        self.client = import_module("till_client").AuthenticatedClient(base_url=shop.url, token=shop.token)
        self.models = import_module("till_client.models")

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.client.__aexit__(*failure)

    async def call(self, operation: str, *path: object, **given: object) -> Any:
        module = import_module(f"till_client.api.{operation}")
        return await module.asyncio(*path, client=self.client, **given)


@pytest.mark.usefixtures("generated")
async def test_a_generated_client_pushes_purchases_looks_a_card_up_and_asks_the_gate(open_shop: OpenShop) -> None:
    async with open_shop() as shop, Till(shop) as till:
        await push_people(till)
        await push_receipts(till)

        found = await till.call("customers.look_customers_up", body=till.models.Lookup(card=CARD))
        asked = till.models.DecisionsAsk(
            customer_ids=[found.items[0].id], purpose=till.models.Purpose.MKT_OWN, channel=till.models.Channel.EMAIL
        )
        answer = await till.call("consents.decide_contacts", body=asked)
        bought = await till.call("transactions.list_transactions", found.items[0].id)

        assert [each.full_name for each in found.items] == ["Marta Bellini"]
        assert (answer.items[0].verdict, answer.items[0].reason) == ("DENY", "NO_BASIS")
        assert answer.items[0].remedy
        assert [each.total.amount for each in bought.items] == ["15.02"]


@pytest.mark.usefixtures("generated")
async def test_a_generated_client_reads_a_refusal(open_shop: OpenShop) -> None:
    async with open_shop() as shop, Till(shop) as till:
        refused = await till.call("customers.get_customer", uuid4())

        assert isinstance(refused, till.models.ProblemRead)
        assert (refused.status, refused.code) == (404, "customer-not-found")


async def push_people(till: Till) -> None:
    row, write = till.models.CustomerBatchRow, till.models.CustomerWrite
    people = [
        row(source="till", external_id=str(number), given_name="Anna", family_name="Prova") for number in range(3)
    ]
    outcome = await till.call("customers.put_customers", body=till.models.CustomerBatch(items=people))
    assert outcome.counts.additional_properties == {"created": 3}
    marta = write(given_name="Marta", family_name="Bellini", email="marta.bellini@example.com", cards=[CARD])
    statuses = [(await till.call("customers.put_customer", "till", "4711", body=marta)).status for _ in range(2)]
    assert statuses == ["created", "unchanged"]


async def push_receipts(till: Till) -> None:
    """One receipt by its key, twice; then a batch in which one row is wrong and alone in being so."""
    line, named, write = till.models.LineWrite, till.models.CustomerNamed, till.models.TransactionWrite
    row = till.models.TransactionBatchRow
    at = clock.now() - timedelta(days=1)
    lines = [
        line(sku="CAF-250", name="Caffè in grani", category="Caffè", quantity="1", total="8.90"),
        line(sku="PRO-1", name="Prosciutto", category="Salumi", quantity="0.245", total="6.12"),
    ]
    receipt = write(occurred_at=at, customer=named(card=CARD), store="CENTRO", lines=lines)
    written = [await till.call("transactions.put_transaction", "till", "42", body=receipt) for _ in range(2)]
    assert [each.status for each in written] == ["created", "unchanged"]
    rows = [
        row(
            source="till",
            external_id=f"day-{number}",
            occurred_at=at,
            customer=named(source="till", external_id=str(number)),
            lines=lines,
            total="15.02" if number != 1 else "99.99",
        )
        for number in range(3)
    ]
    outcome = await till.call("transactions.put_transactions", body=till.models.TransactionBatch(items=rows))
    assert [each.status for each in outcome.items] == ["created", "rejected", "created"]
    assert outcome.items[1].problem.errors[0].path == "total"
