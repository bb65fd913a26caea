"""What the screens are told of quality: the totals put together, each number with the list behind it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Job
from ritorno.activity.schemas import JobRead
from ritorno.customers import queries as customers
from ritorno.customers.rules import AcquisitionSource
from ritorno.kit import clock
from ritorno.quality import queries, rules
from ritorno.quality.models import NO_STORE
from ritorno.quality.rules import (
    BANDS,
    FIELDS_OF,
    MISSING,
    PART_OF,
    Facts,
    Measure,
    Part,
    QualityField,
    Rank,
    Ranks,
    Why,
)
from ritorno.quality.schemas import (
    CardQualityRead,
    CountRead,
    FieldQualityRead,
    GapRead,
    ListFilter,
    PartRead,
    QualityRead,
    RanksRead,
    SourceQualityRead,
    StoreQualityRead,
    TrendPoint,
)
from ritorno.stores import queries as stores
from ritorno.stores.models import Store

TREND = timedelta(days=366)

Totals = Counter[str]
Key = TypeVar("Key", UUID, str)

# ── the shop ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read_shop(session: AsyncSession) -> QualityRead:
    """Return the quality of the shop from the totals: what it costs does not grow with the number of cards."""
    ranks = await queries.get_ranks(session)
    whole: Totals = Counter()
    by_store: defaultdict[UUID, Totals] = defaultdict(Counter)
    by_source: defaultdict[str, Totals] = defaultdict(Counter)
    for store_id, source, measure, value in await queries.list_totals(session):
        for totals in (whole, by_store[store_id], by_source[source]):
            totals[measure] += value
    names = dict((await session.execute(select(Store.id, Store.name))).all())
    today = clock.today((await stores.get_business(session)).timezone)
    shop = _Group(whole)
    return QualityRead(
        as_of=clock.now(),
        **shop.read(ranks),
        distribution=[shop.count(band) for _, band in BANDS],
        bounced=shop.count(Measure.BOUNCED),
        unconfirmed=shop.count(Measure.UNCONFIRMED),
        stale=shop.count(Measure.STALE),
        never_updated=shop.count(Measure.NEVER_UPDATED),
        probable_duplicates=await queries.count_probable_duplicates(session),
        stores=[
            StoreQualityRead(
                store_id=None if store_id == NO_STORE else store_id,
                name=names.get(store_id),
                **_Group(totals, store_id=store_id).read(ranks),
            )
            for store_id, totals in _largest_first(by_store)
        ],
        sources=[
            SourceQualityRead(
                source=AcquisitionSource(source) if source else None, **_Group(totals, source=source).read(ranks)
            )
            for source, totals in _largest_first(by_source)
        ],
        trend=[_point(day, values) for day, values in (await queries.list_history(session, today - TREND)).items()],
        sweep=_job(await queries.find_running_job(session)),
    )


def _largest_first(groups: dict[Key, Totals]) -> list[tuple[Key, Totals]]:
    found = [(key, totals) for key, totals in groups.items() if totals[rules.CARDS]]
    return sorted(found, key=lambda group: (-group[1][rules.CARDS], str(group[0])))


class _Group:
    """The totals of some cards, and how a list narrows to them."""

    def __init__(self, totals: Totals, *, store_id: UUID | None = None, source: str | None = None) -> None:
        self._totals = totals
        self._store_id = None if store_id == NO_STORE else store_id
        self._source = AcquisitionSource(source) if source else None
        # Cards without a store or a source are what the measures of those gaps list.
        self._narrowing = [Measure.MISSING_HOME_STORE] if store_id == NO_STORE else []
        self._narrowing += [Measure.MISSING_SOURCE] if source == "" else []

    def read(self, ranks: Ranks) -> dict[str, Any]:
        return {
            "cards": self._totals[rules.CARDS],
            "mean_score": _mean_score(self._totals),
            "fields": [self._field(each, ranks[each]) for each in QualityField],
        }

    def count(self, measure: Measure, of: int | None = None) -> CountRead:
        count = self._totals[measure]
        return CountRead(
            measure=measure,
            count=count,
            share=_share(count, self._totals[rules.CARDS] if of is None else of),
            filter=ListFilter(
                quality=list(dict.fromkeys([measure, *self._narrowing])), store_id=self._store_id, source=self._source
            ),
        )

    def _field(self, each: QualityField, rank: Rank) -> FieldQualityRead:
        companies = self._totals[Measure.COMPANY] if each in rules.OF_PEOPLE_ONLY else 0
        of = self._totals[rules.CARDS] - companies
        missing = self.count(MISSING[each], of)
        filled = of - missing.count
        return FieldQualityRead(
            field=each, part=PART_OF[each], rank=rank, filled=filled, of=of, share=_share(filled, of), missing=missing
        )


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def _mean_score(totals: Totals | dict[str, int]) -> int | None:
    cards = totals.get(rules.CARDS, 0)
    return round(totals.get(rules.POINTS, 0) / cards) if cards else None


def _point(day: date, values: dict[str, int]) -> TrendPoint:
    return TrendPoint(
        on=day,
        cards=values.get(rules.CARDS, 0),
        mean_score=_mean_score(values),
        counts={measure: values.get(measure, 0) for measure in Measure},
    )


async def read_ranks(session: AsyncSession) -> RanksRead:
    """Return the rank of every field, and the walk that applies them while it runs."""
    return RanksRead(ranks=await queries.get_ranks(session), sweep=_job(await queries.find_running_job(session)))


def _job(job: Job | None) -> JobRead | None:
    return JobRead.model_validate(job) if job else None


# ── the card ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read_card(session: AsyncSession, customer_id: UUID) -> CardQualityRead:
    """Return what is said of one card, from its facts and not from the projection: it is never a moment late."""
    await customers.get_customer(session, customer_id)
    business = await stores.get_business(session)
    card = (await queries.facts_of(session, [customer_id], business.timezone))[customer_id]
    facts, ranks, today = card.facts, await queries.get_ranks(session), clock.today(business.timezone)
    asked = rules.next_question(facts, ranks, today) if card.is_counted else None
    return CardQualityRead(
        customer_id=customer_id,
        is_counted=card.is_counted,
        score=rules.whole_score(facts, ranks, today),
        parts=[_part(facts, ranks, part, today) for part in Part],
        confirmed_on=facts.confirmed_on,
        next_question=_gap(asked.field, asked.why, ranks) if asked else None,
    )


def _part(facts: Facts, ranks: Ranks, part: Part, today: date) -> PartRead:
    wanted: Sequence[QualityField] = [each for each in FIELDS_OF[part] if ranks[each] is not Rank.UNUSED]
    gaps = [_gap(each, why, ranks) for each in wanted if (why := rules.gap_of(facts, each))]
    if part is Part.FRESHNESS and rules.is_stale(facts, today):
        gaps.append(_gap(None, Why.STALE, ranks))
    return PartRead(part=part, score=rules.part_score(facts, ranks, part, today), gaps=gaps)


def _gap(each: QualityField | None, why: Why, ranks: Ranks) -> GapRead:
    return GapRead(field=each, rank=ranks[each] if each else None, why=why)
