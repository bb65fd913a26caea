"""A merge forgets no table: every column that names a customer is moved by one domain, or says why it stays."""

from collections import Counter

from sqlalchemy import Column

from ritorno import models as _tables  # noqa: F401
from ritorno.duplicates.rehoming import DOMAINS, LEDGERS, OF_BOTH, PROJECTIONS
from ritorno.kit.db import Base

ANY_SUBJECT = {"subject_id"}
"""May be the id of anything, of a customer among others."""

WITHOUT_CUSTOMERS = {"touches"}
"""Their subjects are never customers."""


def names_a_customer(column: Column[object]) -> bool:
    by_key = any(key.column.table.name == "customers" for key in column.foreign_keys)
    return column.name == "customer_id" or by_key or column.name in ANY_SUBJECT


def test_every_table_that_names_a_customer_is_moved_by_one_domain_or_says_why_it_stays() -> None:
    naming = {table.name for table in Base.metadata.sorted_tables if any(map(names_a_customer, table.columns))}
    declared = Counter([*LEDGERS, *PROJECTIONS, *OF_BOTH, *(name for domain in DOMAINS for name in domain.tables)])

    assert {name for name, times in declared.items() if times > 1} == set()
    assert naming - declared.keys() - WITHOUT_CUSTOMERS == set()
    assert declared.keys() - {table.name for table in Base.metadata.sorted_tables} == set()
