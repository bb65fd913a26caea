"""The rights of a person forget no table: every column that names a customer is moved by a merge, told by a pack and
forgotten by an erasure, each by one domain, or says why not.
"""

from collections import Counter

from ritorno import models as _tables  # noqa: F401
from ritorno.duplicates.rehoming import DOMAINS, LEDGERS, OF_BOTH, PROJECTIONS
from ritorno.erasures import register
from ritorno.erasures.register import ELSEWHERE, KEPT, LAKE_TABLE, names_a_customer
from ritorno.erasures.words import section_words
from ritorno.kit.db import Base

WITHOUT_CUSTOMERS = {"touches"}
"""Their subjects are never customers."""


def naming() -> set[str]:
    return {table.name for table in Base.metadata.sorted_tables if any(map(names_a_customer, table.columns))}


def test_every_table_that_names_a_customer_is_moved_by_one_domain_or_says_why_it_stays() -> None:
    declared = Counter([*LEDGERS, *PROJECTIONS, *OF_BOTH, *(name for domain in DOMAINS for name in domain.tables)])

    assert {name for name, times in declared.items() if times > 1} == set()
    assert naming() - declared.keys() - WITHOUT_CUSTOMERS == set()
    assert declared.keys() - {table.name for table in Base.metadata.sorted_tables} == set()


def test_c_24_every_table_that_names_a_customer_is_told_and_forgotten_by_one_domain_or_says_why_not() -> None:
    declared = Counter([LAKE_TABLE, *ELSEWHERE, *(name for domain in register.DOMAINS for name in domain.tables)])

    assert {name for name, times in declared.items() if times > 1} == set()
    assert naming() - declared.keys() == set()
    assert declared.keys() - {table.name for table in Base.metadata.sorted_tables} == set()


def test_c_24_what_an_erasure_keeps_is_declared_with_its_reason_and_what_goes_has_words() -> None:
    told = {name for domain in register.DOMAINS for name in domain.tables}

    assert KEPT.keys() - told == set()
    assert all(len(reason) > 20 for reason in KEPT.values())
    assert all(
        section_words(table, language) for table in register.TABLES.keys() - KEPT.keys() for language in ("it", "en")
    )
