"""Who is who in the lake: random numbers, linked to people in one table and nowhere else."""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver

# The first eight digits of a random UUID are random all: two of them make 64 bits from the server's strong generator.
_DRAW = """
    insert into lake_pseudonyms (pseudonym, customer_id)
    select ('x' || left(gen_random_uuid()::text, 8) || left(gen_random_uuid()::text, 8))::bit(64)::bigint, c.id
    from customers c
    where c.erased_at is null
      and exists (select from identifiers i where i.customer_id = c.id and i.kind in ('CARD', 'EXTERNAL'))
      and not exists (select from lake_pseudonyms p where p.customer_id = c.id)
"""

# An ended card counts: it was its owner's when the purchases of an archive were made.
_PEOPLE = """
    select i.kind, i.value, min(p.pseudonym)
    from identifiers i join lake_pseudonyms p on p.customer_id = i.customer_id
    where i.kind = 'CARD' or (i.kind = 'EXTERNAL' and i.source = $1)
    group by i.kind, i.value
"""


async def write_people(session: AsyncSession, source: str, file: Path) -> None:
    """Write who bears which card or key of a source, by pseudonym; whoever has none yet is given one."""
    connection = await driver(session)
    await connection.execute(_DRAW)
    await connection.copy_from_query(_PEOPLE, source, output=file, format="csv")
