"""The statement that loads what the gate needs: one row for each person of a batch,
and for whoever shares an address with one of them (D-11).

Everything is reached by customer id, so the plan does not change with the size of the shop.
Two forms: today's reads the projections, a past moment's reads the ledger and the transactions up to it.
"""

CROWD = 25
"""An address on more cards than this belongs to nobody in particular."""

MESSAGE_DAYS = 30
"""The longest window of the frequency caps (G16)."""

_STATES_TODAY = """
    select array_agg(row(s.purpose, s.channel, s.standing, s.since, s.event_id, s.method, s.party, s.contact_point_id))
    from consent_states s where s.customer_id = p.id
"""

_STATES_THEN = """
    select array_agg(row(
        e.purpose, e.channel, e.action, e.occurred_at, e.id, e.method, e.party, e.contact_point_id, e.is_proven,
        e.recipient_id))
    from consent_events e where e.customer_id = p.id and e.occurred_at <= $2
"""

_RECIPIENTS_TODAY = """
    select array_agg(row(r.recipient_id, r.standing, r.since, r.event_id, r.method, r.party))
    from recipient_states r where r.customer_id = p.id
"""

# A card says what holds today; the registers say what held until it was lifted or taken back.
_RESTRICTED_THEN = """
    coalesce(
        case when c.restricted_at <= $2 then c.restricted_at end,
        (select max(r.restricted_at) from restrictions r
         where r.customer_id = c.id and r.restricted_at <= $2 and r.lifted_at > $2))
"""
_DECEASED_THEN = """
    coalesce(
        case when c.deceased_at <= $2 then c.deceased_at end,
        (select max(d.recorded_at) from death_reports d
         where d.customer_id = c.id and d.recorded_at <= $2 and d.reversed_at > $2))
"""

_LAST_PURCHASE_TODAY = "select f.last_at from profiles f where f.customer_id = p.id and f.purchases > 0"

_LAST_PURCHASE_THEN = """
    select max(t.occurred_at) from transactions t where t.customer_id = p.id and t.kind = 'SALE' and t.occurred_at <= $2
"""

# A category answers for its products through the running profile. Where a product has a similarity group of its own
# (C-07), the lines of its category are read instead.
_BOUGHT_BY_CATEGORY = """
    select c.similarity_group, f.last_at from category_profiles f join categories c on c.id = f.category_id
    where f.customer_id = p.id and f.purchases > 0 and c.similarity_group is not null
      and not coalesce(c.id = any((select ids from mixed)::uuid[]), false)
"""

_BOUGHT_BY_LINE = """
    select coalesce(o.similarity_group, c.similarity_group), l.occurred_at
    from transactions t
    join transaction_lines l on l.transaction_id = t.id and l.total_minor > 0
    join products o on o.id = l.product_id
    left join categories c on c.id = o.category_id
    where t.customer_id = p.id and t.kind = 'SALE'
"""

_BOUGHT_TODAY = f"""
    {_BOUGHT_BY_CATEGORY}
    union all
    {_BOUGHT_BY_LINE} and (select has_own from mixed)
      and (o.similarity_group is not null or c.id = any((select ids from mixed)::uuid[]))
"""

_BOUGHT_THEN = f"{_BOUGHT_BY_LINE} and t.occurred_at <= $2"


_ASSESSMENTS = """
    select array_agg(row(l.kind, l.id, l.signed_on) order by l.signed_on, l.recorded_at) from assessments l
    where l.kind in ('LIA_POST', 'LIA_PHONE') and l.signed_on <= ($2 at time zone 'UTC')::date
"""
_READINESS = """
    select array_agg(row(r.channel, r.is_ready, r.since, r.is_ready_for_marketing) order by r.since)
    from sender_readiness r where r.since <= $2
"""


def _once(query: str) -> str:
    """Return what is the same for everybody, told in the row of the first person alone."""
    return f"case when p.id = ($1::uuid[])[1] then ({query}) end"


# Where a yes or no would do, `select true … limit 1` keeps the planner on the index; `exists` may read the whole table.


def _statement(
    *,
    states: str,
    recipients: str,
    last_purchase: str,
    bought: str,
    is_valid: str,
    is_merged: str,
    has_merged: str,
    restricted_at: str,
    deceased_at: str,
    is_suppressed: str,
    soft_optins: str,
) -> str:
    return f"""
    with wanted as materialized (select distinct id from unnest($1::uuid[]) as id),
    addresses as materialized (
        select distinct a.kind, a.match_key from wanted w join contact_points a on a.customer_id = w.id where {is_valid}
    ),
    shared as materialized (
        select a.kind, a.match_key, array_agg(distinct a.customer_id) as members
        from addresses join contact_points a using (kind, match_key)
        where {is_valid} group by a.kind, a.match_key having count(distinct a.customer_id) > 1
    ),
    people as (
        select id from wanted
        union
        select unnest(members) from shared where cardinality(members) <= {CROWD}
    ),
    mixed as materialized (
        select array_agg(distinct o.category_id) as ids, count(*) > 0 as has_own
        from products o where o.similarity_group is not null
    )
    select p.id, c.id is not null as is_known, {is_merged} as is_merged,
        c.country, c.timezone, c.birth_on, c.is_minor_flagged,
        {deceased_at} as deceased_at, {restricted_at} as restricted_at, c.erased_at,
        (select true from merges m where m.winner_id = p.id and {has_merged} limit 1) as has_merged,
        b.timezone as business_zone, b.country as business_country, b.sector,
        (select array_agg(
            row(a.id, a.kind, a.match_key, a.is_mobile, a.level, a.source,
                a.invalid_at, a.hard_bounced_at, a.complained_at,
                a.level_evidence ->> 'at', a.address ->> 'country', o.id, o.checked_at, o.first_listed_at)
            order by a.invalid_at is null and a.hard_bounced_at is null desc,
                a.is_primary desc, a.valid_from desc, a.id)
         from contact_points a
         left join lateral (
            select k.id, k.checked_at, k.first_listed_at from opposition_checks k
            where k.contact_point_id = a.id and k.checked_at <= $2 and a.kind <> 'EMAIL'
            order by k.checked_at desc limit 1
         ) o on true
         where a.customer_id = p.id and {is_valid}) as contacts,
        ({states}) as states,
        ({recipients}) as recipients,
        ({last_purchase}) as last_purchase_at,
        (select array_agg(row(s.id, s.contact_point_id, s.offers_opt_out, coalesce(s.opt_out_offered_at, s.recorded_at))
            order by s.offers_opt_out desc, s.opt_out_offered_at desc)
         from soft_optins s where s.customer_id = p.id and {soft_optins}) as soft_optins,
        case when (select true from soft_optins s where s.customer_id = p.id and {soft_optins} limit 1) then
            (select array_agg(row(b.grp, b.at))
             from (select grp, max(at) as at from ({bought}) each (grp, at) where grp is not null group by grp) b)
        end as bought,
        (select true from notice_deliveries n
         where n.customer_id = p.id and n.delivered_at <= $2 limit 1) as is_informed,
        (select array_agg(row(m.channel, coalesce(m.sent_at, m.due_at), m.purpose = 'SERVICE'))
         from messages m
         where m.customer_id = p.id and m.planned_at > $2 - interval '{2 * MESSAGE_DAYS} days'
           and (m.purpose in ('MKT_OWN', 'MARKET_RESEARCH') or m.service_kind = 'REQUESTED')
           and (m.sent_at is not null or m.status in ('sending', 'unknown'))
           and coalesce(m.sent_at, m.due_at) > $2 - interval '{MESSAGE_DAYS} days'
           and coalesce(m.sent_at, m.due_at) <= $2) as sent,
        exists (select from suppressions where {is_suppressed}) as may_be_suppressed,
        {_once("select array_agg(row(kind, match_key, members)) from shared")} as shared,
        {_once(_ASSESSMENTS)} as assessments,
        {_once(_READINESS)} as readiness
    from people p left join customers c on c.id = p.id left join business b on true
    """


TODAY = _statement(
    states=_STATES_TODAY,
    recipients=_RECIPIENTS_TODAY,
    last_purchase=_LAST_PURCHASE_TODAY,
    bought=_BOUGHT_TODAY,
    is_valid="a.valid_to is null",
    is_merged="c.merged_into_id is not null",
    has_merged="m.unmerged_at is null",
    restricted_at="c.restricted_at",
    deceased_at="c.deceased_at",
    is_suppressed="lifted_at is null",
    soft_optins="true",
)

THEN = _statement(
    states=_STATES_THEN,
    recipients="null",
    last_purchase=_LAST_PURCHASE_THEN,
    bought=_BOUGHT_THEN,
    is_valid="a.valid_from <= $2 and (a.valid_to is null or a.valid_to > $2)",
    is_merged="""exists (
        select from merges g where g.loser_id = c.id and g.merged_at <= $2
          and (g.unmerged_at is null or g.unmerged_at > $2))""",
    has_merged="m.merged_at <= $2 and (m.unmerged_at is null or m.unmerged_at > $2)",
    restricted_at=_RESTRICTED_THEN,
    deceased_at=_DECEASED_THEN,
    is_suppressed="since <= $2 and (lifted_at is null or lifted_at > $2)",
    soft_optins="coalesce(s.opt_out_offered_at, s.recorded_at) <= $2",
)

SUPPRESSED_TODAY = """
    select hash, id, reason, scope, since from suppressions
    where hash = any($1::bytea[]) and lifted_at is null
"""
SUPPRESSED_THEN = """
    select hash, id, reason, scope, since from suppressions
    where hash = any($1::bytea[]) and since <= $2 and (lifted_at is null or lifted_at > $2)
"""
