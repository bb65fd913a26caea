"""The commonest write of all, a till's new receipt of a known customer, in one statement (DATABASE D).

It does nothing unless everything is plain: the customer, the store and every product are known, and the key is new.
Whatever is not
plain is left to `recording`, which answers for every case.
"""

from typing import NamedTuple
from uuid import UUID

from ritorno.customers.rules import ReferenceKind
from ritorno.kit import clock
from ritorno.kit.ids import uuid7
from ritorno.kit.outbox import CHANNEL
from ritorno.transactions.parsing import Purchase
from ritorno.transactions.rules import TransactionKind, is_visit
from ritorno.transactions.service import profiling
from ritorno.transactions.service.profiling import ADD, IN_ORDER
from ritorno.transactions.service.storing import Connection

_PERSON = {
    ReferenceKind.CUSTOMER_ID: "select $6::text::uuid as customer_id where $5::text is not null",
    ReferenceKind.CARD: """
        select customer_id from identifiers
        where kind = 'CARD' and source = 'card' and value = $6 and valid_to is null and $5::text is not null""",
    ReferenceKind.EXTERNAL: """
        select customer_id from identifiers
        where kind = 'EXTERNAL' and source = $5 and value = $6 and valid_to is null""",
    ReferenceKind.EMAIL: """
        select min(customer_id::text)::uuid as customer_id from contact_points
        where kind = 'EMAIL' and match_key = $6 and valid_to is null and $5::text is not null
        having count(distinct customer_id) = 1""",
    ReferenceKind.PHONE: """
        select min(customer_id::text)::uuid as customer_id from contact_points
        where kind = 'PHONE' and match_key = $6 and valid_to is null and $5::text is not null
        having count(distinct customer_id) = 1""",
}

_CREATE = """
    with line as (
        select n.line_no, p.id as product_id, p.category_id, p.brand_id, n.quantity, n.discount, n.total
        from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
            with ordinality as n (sku, quantity, discount, total, line_no)
        join products p on p.sku = n.sku
    ), person as ({person}),
    ready as (
        select c.id as customer_id, s.id as store_id
        from person
        join customers c on c.id = person.customer_id and c.erased_at is null and c.merged_into_id is null
        left join stores s on s.code = $10
        where (select count(*) from line) = cardinality($1)
          and (s.id is not null or $10 is null)
          and $12 >= coalesce((select profiled_since from purchase_window), '-infinity')
          and not exists (
              select from unclaimed_transactions u where u.source = $8 and u.external_id = $9)
          and not exists (
              select from transactions r
              where r.original_id is null and r.original_source = $8 and r.original_external_id = $9
                and r.original_external_id is not null)
        -- Waits for a merge of this card, and then finds it gone: the receipt is left to `recording`.
        for key share of c
    ), tx as (
        insert into transactions (id, customer_id, source, external_id, kind, occurred_at, business_day, store_id,
            channel, payment, reason, currency, total_minor, content_hash, source_updated_at, source_version)
        select $7, customer_id, $8, $9, $11, $12, $13, store_id, $14, $15, $16, $17, $18, $19, $20, $21 from ready
        on conflict (source, external_id) do nothing
        returning id, customer_id
    ), written as (
        insert into transaction_lines (transaction_id, line_no, customer_id, product_id, category_id, brand_id,
            occurred_at, quantity_milli, discount_minor, total_minor)
        select tx.id, l.line_no, tx.customer_id, l.product_id, l.category_id, l.brand_id, $12, l.quantity, l.discount,
               l.total
        from tx cross join line l
    ), profile as (
        insert into profiles as p (customer_id, purchases, returns, revenue_minor, first_at, last_at, visit_days,
            first_day, last_day)
        select customer_id, $22::int, 1 - $22::int, $18, case $22::int when 1 then $12 end,
               case $22::int when 1 then $12 end, $23::int, case $23::int when 1 then $13 end,
               case $23::int when 1 then $13 end
        from tx
        {add_profile} {in_order}
        returning p.customer_id
    ), category as (
        insert into category_profiles as p (customer_id, category_id, purchases, returns, revenue_minor, first_at,
            last_at, visit_days, first_day, last_day)
        select profile.customer_id, share.category_id, $22::int, 1 - $22::int, share.total,
               case $22::int when 1 then $12 end, case $22::int when 1 then $12 end, share.visit,
               case share.visit when 1 then $13 end, case share.visit when 1 then $13 end
        from profile cross join (
            select category_id, sum(total)::bigint as total, (sum(total) > 0 and $23::int = 1)::int as visit
            from line where category_id is not null group by category_id order by category_id
        ) as share
        {add_category}
    ), event as (
        insert into outbox_events (id, name, payload, occurred_at)
        select $24, 'transactions.recorded', jsonb_build_object('customer_ids', jsonb_build_array(customer_id)), $25
        from tx
        returning pg_notify('{channel}', '')
    )
    select tx.customer_id, exists (select from profile) as in_order, (select count(*) from event) as told from tx
"""

_STATEMENTS = {
    kind: _CREATE.format(
        person=person,
        add_profile=ADD % "customer_id",
        add_category=ADD % "customer_id, category_id",
        in_order=IN_ORDER,
        channel=CHANNEL,
    )
    for kind, person in _PERSON.items()
}


class Created(NamedTuple):
    id: UUID
    customer_id: UUID


async def create_plain(connection: Connection, purchase: Purchase) -> Created | None:
    """Record a purchase if all about it is plain, its profile, its lines and its event included; else do nothing."""
    if not purchase.references or purchase.original:
        return None
    reference = purchase.references[0]
    transaction_id = uuid7()
    row = await connection.fetchrow(
        _STATEMENTS[reference.kind],
        [line.sku for line in purchase.lines],
        [line.quantity_milli for line in purchase.lines],
        [line.discount_minor for line in purchase.lines],
        [line.total_minor for line in purchase.lines],
        reference.source,
        reference.value,
        transaction_id,
        purchase.source,
        purchase.external_id,
        purchase.store,
        purchase.kind.value,
        purchase.occurred_at,
        purchase.business_day,
        purchase.channel,
        purchase.payment,
        purchase.reason,
        purchase.currency,
        purchase.total_minor,
        purchase.content_hash,
        purchase.revision.updated_at,
        purchase.revision.version,
        int(purchase.kind is TransactionKind.SALE),
        int(is_visit(purchase.kind, purchase.total_minor)),
        uuid7(),
        clock.now(),
    )
    if row is None:
        return None
    if not row["in_order"]:
        # Late news: the profile row is held since the statement above, now the sums are computed again.
        await profiling.recompute(connection, [row["customer_id"]])
    return Created(transaction_id, row["customer_id"])
