"""Files and shops as Hypothesis draws them: few values, so that rows meet each other and the cards that are there."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ritorno.imports.rules import FIELDS, ImportKind
from ritorno.kit.background import Work

Row = dict[str, str]

CELLS: dict[str, list[str]] = {
    "external_id": ["", "1", "2"],
    "card": ["", "", "100", "200"],
    "fiscal_code": ["", "", "RSSNNA80E43A944O"],
    "given_name": ["Anna", "Ugo", ""],
    "family_name": ["Rossi", "ROSSI", "Conti", ""],
    "birth_on": ["", "03/05/1980", "01/02/1950", "31/02/1980"],
    "email": ["", "anna@example.it", "Anna@Example.IT", "casa@example.it", "due@@chiocciole"],
    "phone": ["", "333 1234567", "+39 347 7654321"],
    "phone_2": ["", "333 1234567", "051 123456"],
    "street": ["", "Via Roma 1", "Via Po 2"],
    "city": ["Bologna", ""],
    "tags": ["", "a", "b,a"],
    "interests": ["", "tè", "caffè,tè"],
    "note": ["", "n", "m"],
    "language": ["", "it", "en", "?"],
    "home_store": ["", "bo", "mi"],
    "changed_on": ["", "01/01/2020", "01/01/2090"],
}
CONSENTS = {"consent_email": ["", "sì", "no"], "consent_sms": ["", "sì"], "consent_on": ["", "01/02/2024"]}

rows = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), min_size=1, max_size=7
)
rows_with_answers = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in (CELLS | CONSENTS).items()}),
    min_size=1,
    max_size=7,
)
policies = st.fixed_dictionaries(
    {field.name: st.sampled_from(field.policies) for field in FIELDS[ImportKind.CUSTOMERS] if field.policies}
)
chunks = st.sampled_from([1, 2, 5_000])


@st.composite
def keyed_rows(draw: st.DrawFn) -> list[Row]:
    """Draw rows of a system that knows its people: each stands under one key with one name, here and there twice."""
    people = draw(
        st.lists(
            st.tuples(st.sampled_from(["Anna", "Ugo"]), st.sampled_from(["Rossi", "Conti"])), min_size=1, max_size=4
        )
    )
    found = []
    for place in draw(st.lists(st.integers(0, len(people) - 1), min_size=1, max_size=8)):
        row = {name: draw(st.sampled_from(cells)) for name, cells in CELLS.items()}
        given, family = people[place]
        own = {"external_id": f"k{place}", "given_name": given, "family_name": family, "card": "", "fiscal_code": ""}
        found.append(row | own)
    return found


few = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # A file of seven rows can be read as it is; making it smaller takes minutes here.
    phases=[Phase.explicit, Phase.generate],
)


async def empty(work: Work) -> None:
    """Leave no card, no store and no import of the last example."""
    async with work.session() as session:
        for table in ("imports", "customers", "stores", "consent_states", "notice_deliveries"):
            await session.execute(text(f"delete from {table}"))


async def confirm_addresses(work: Work, kind: str) -> None:
    async with work.session() as session:
        await session.execute(text("update contact_points set level = 'CONFIRMED' where kind = :kind"), {"kind": kind})


Policies = dict[str, Any]
