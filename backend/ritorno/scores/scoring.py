"""The formulas of `rules.py` as one set-based statement, with nothing but ln, exp and sqrt, so that any engine can
run it.

A million customers are scored in batches without a row passing through Python. A test compares every column with
`rules.py`.
"""

from math import log

from sqlalchemy import TextClause, text

from ritorno.scores import rules

VALUE_HORIZON_DAYS = 14
REGULAR_GAPS = 2
"""A category may name the reason of a recall once somebody has bought it on three days; the steadiest one does."""

_LAPSED_ODDS = rules.LAPSED_BELOW / (1 - rules.LAPSED_BELOW)
_RHYTHM = (
    "as_of, last_on, m, s, q, x, due_on, likely_from, likely_to, lapsed_on, p_alive, next_on, expected_value_minor"
)
_REWRITE = ", ".join(f"{column} = excluded.{column}" for column in _RHYTHM.split(", "))
_IS_NEW = (
    "(held.as_of, held.last_on, held.x, held.m, held.s, held.q, held.expected_value_minor) is distinct from "
    "(excluded.as_of, excluded.last_on, excluded.x, excluded.m, excluded.s, excluded.q, excluded.expected_value_minor)"
)
"""A second scoring of the same day writes nothing."""


def _clipped(exponent: str) -> str:
    return f"exp(greatest(least({exponent}, {rules.STEEPEST}), {-rules.STEEPEST}))"


def _days(exponent: str) -> str:
    return f"least({_clipped(exponent)}, {rules.MOST_DAYS}.0)"


def _after(days: str) -> str:
    return f"least(last_on + cast({days} as integer), date '9999-12-31')"


def _at_survival(share: str) -> str:
    """Return the log of the day by which this share of those who return is still out."""
    return f"m + s * ln((1 - {share}) / {share})"


def _survival(days: str) -> str:
    return f"1 / (1 + {_clipped(f'(ln({days}) - m) / s')})"


def _scored(unit: str) -> str:
    """Return the chain of CTEs that turns `<unit>` (key, sums, parameters, pace) into `<unit>_scored` with every
    column of the tables.
    """
    return f"""
    {unit}_centred as (
        select *, cast(greatest(as_of - last_on, 0) as double precision) as e,
            1 / (x / (sigma * sigma) + 1 / (tau * tau)) as v from {unit}
    ), {unit}_rhythm as (
        select *,
            (sl / (sigma * sigma) + (mu + {rules.PACE_WEIGHT} * pace) / (tau * tau)) * v as m,
            {rules.WIDTH} * sqrt(sigma * sigma + v) as s,
            a / (a + b + x) as q
        from {unit}_centred
    ), {unit}_silence as (
        select *,
            case when e > 0 then {_survival("e + 0.5")} else 1 end as still_out,
            {_survival(f"e + {VALUE_HORIZON_DAYS}.5")} as out_later,
            {_LAPSED_ODDS} * q / (1 - q) as odds
        from {unit}_rhythm
    ), {unit}_weighed as (
        select *, (1 - q) * still_out / (q + (1 - q) * still_out) as p_alive,
            (1 - q) * out_later / (q + (1 - q) * still_out) as p_stays_out
        from {unit}_silence
    ), {unit}_scored as (
        select *,
            {_after(f"round({_days('m')})")} as due_on,
            {_after(f"round({_days(f'm - s * {log(3)}')})")} as likely_from,
            {_after(f"round({_days(f'm + s * {log(3)}')})")} as likely_to,
            case when odds > 1 then last_on when odds = 1 then last_on + 1
                else {_after(f"greatest(floor({_days(_at_survival('odds'))} - 0.5) + 1, 1)")} end as lapsed_on,
            case when p_alive >= {rules.LAPSED_BELOW} then
                {_after(f"greatest(round({_days(_at_survival('(0.5 * still_out)'))}), e + 1)")} end as next_on,
            cast(round(greatest(revenue_minor, 0) * p_stays_out / (x + 1)) as bigint) as expected_value_minor,
            case
                when p_alive < {rules.LOST_BELOW} then '{rules.Stage.LOST}'
                when p_alive < {rules.LAPSED_BELOW} then '{rules.Stage.AT_RISK}'
                when x = 0 then '{rules.Stage.NEW}'
                when still_out >= 0.5 then '{rules.Stage.ACTIVE}'
                when still_out >= 0.25 then '{rules.Stage.DUE}'
                else '{rules.Stage.LATE}' end as stage
        from {unit}_weighed
    )"""


RESCORE: TextClause = text(f"""
    with shop_fit as (
        select mu, sigma, tau, a, b from rhythm_fits where level = 'shop'
    ), pooled_fit as (
        select mu, sigma, tau, a, b from rhythm_fits where level = 'pooled'
    ), shop as (
        select p.customer_id, p.revenue_minor, p.visit_days - 1 as x, p.sl, p.last_day as last_on,
            cast(:on as date) as as_of, f.mu, f.sigma, f.tau, f.a, f.b, 0.0 as pace
        from profiles p, shop_fit f
        where p.customer_id = any(cast(:ids as uuid[])) and p.visit_days > 0
    ), {_scored("shop")}, category as (
        select c.customer_id, c.category_id, c.revenue_minor, c.visit_days - 1 as x, c.sl, c.last_day as last_on,
            s.as_of, coalesce(f.mu, o.mu) as mu, coalesce(f.sigma, o.sigma) as sigma, coalesce(f.tau, o.tau) as tau,
            coalesce(f.a, o.a) as a, coalesce(f.b, o.b) as b, s.m - s.mu as pace
        from category_profiles c
        join shop_scored s using (customer_id)
        cross join pooled_fit o
        left join rhythm_fits f on f.level = 'category' and f.category_id = c.category_id
        where c.customer_id = any(cast(:ids as uuid[])) and c.visit_days > 0
    ), {_scored("category")}, categories_written as (
        insert into category_scores as held (customer_id, category_id, {_RHYTHM})
        select customer_id, category_id, {_RHYTHM} from category_scored order by customer_id, category_id
        on conflict (customer_id, category_id) do update set {_REWRITE} where {_IS_NEW}
    ), reason as (
        select distinct on (customer_id) customer_id, category_id
        from category_scored join categories c on c.id = category_id and c.is_recallable
        where x >= {REGULAR_GAPS} and due_on <= as_of and lapsed_on > as_of
        order by customer_id, x desc, expected_value_minor desc, category_id
    )
    insert into customer_scores as held (customer_id, {_RHYTHM}, stage, stage_since, due_category_id)
    select s.customer_id, {_RHYTHM}, s.stage, s.as_of, reason.category_id
    from shop_scored s left join reason using (customer_id) order by s.customer_id
    on conflict (customer_id) do update set {_REWRITE},
        stage = excluded.stage, due_category_id = excluded.due_category_id,
        stage_since = case when held.stage = excluded.stage then held.stage_since else excluded.as_of end
    where {_IS_NEW} or held.due_category_id is distinct from excluded.due_category_id
""")
"""Score the customers `:ids` and their categories as of `:on`. A category without a fit of its own (born today)
borrows the pooled one.
"""

FORGET_CUSTOMERS: TextClause = text("""
    delete from customer_scores s
    where s.customer_id = any(cast(:ids as uuid[]))
        and not exists (select from profiles p where p.customer_id = s.customer_id and p.visit_days > 0)
""")
FORGET_CATEGORIES: TextClause = text("""
    delete from category_scores s
    where s.customer_id = any(cast(:ids as uuid[])) and not exists (
        select from category_profiles p
        where p.customer_id = s.customer_id and p.category_id = s.category_id and p.visit_days > 0)
""")
"""A purchase that was cancelled or moved to another card leaves no score behind."""
