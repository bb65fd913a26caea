"""Why one person is in a segment, or is not: the truth of each condition from the compiler itself, told with the
person's own figures.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Product
from ritorno.customers.models import Customer, CustomerInterest, CustomerTag
from ritorno.customers.rules import age_on
from ritorno.messaging import permissions
from ritorno.scores.models import CustomerScore
from ritorno.segments.compiler import compile_truths, conditions
from ritorno.segments.conditions import Moment, in_window
from ritorno.segments.fields import choice_label
from ritorno.segments.queries import family_of
from ritorno.segments.schemas import AllOf, AnyOf, Bought, ChoiceIs, DateIs, MoneyIs, NotOf, NumberIs, Permission
from ritorno.segments.wording import Words, condition_phrase, permission_phrase
from ritorno.transactions.models import Profile, Transaction, TransactionLine


@dataclass(frozen=True, slots=True)
class Membership:
    """In or out, and because of what."""

    is_member: bool
    because: str


Truths = dict[int, bool]
"""The truth of each condition of a tree, by its place."""


async def explain(
    session: AsyncSession, tree: Any, moment: Moment, customer_ids: list[UUID], words: Words
) -> dict[UUID, Membership]:
    """Return, for each person who exists, whether they are members and the figures that decide it."""
    leaves = list(conditions(tree))
    plain = [node for node in leaves if not isinstance(node, Permission)]
    statement = compile_truths(plain, moment).where(Customer.id.in_(customer_ids))
    rows = {row[0]: row for row in await session.execute(statement)}
    people = await _people(session, list(rows))
    purchases = {
        index: await _purchases(session, node, moment, list(rows))
        for index, node in enumerate(leaves)
        if isinstance(node, Bought)
    }
    gate = {}
    if any(isinstance(node, Permission) for node in leaves):
        gate = await permissions.load_facts(session, list(rows), at=moment.at)

    found = {}
    for customer_id, row in rows.items():
        plain_truths = iter(row[2:])
        truths: Truths = {}
        figures: dict[int, str] = {}
        for index, node in enumerate(leaves):
            if isinstance(node, Permission):
                family = family_of(node, gate[customer_id], moment)
                truths[index] = family == node.family
                figures[index] = permission_phrase(node.model_copy(update={"family": family}), words)
            else:
                truths[index] = next(plain_truths)
                bought = purchases.get(index, {}).get(customer_id)
                figures[index] = _figure(node, people[customer_id], bought, moment, words)
        is_member = bool(row[1]) and _truth(tree, truths, iter(range(len(leaves))))
        because = _because(tree, truths, figures, is_member, 0)[0] if row[1] else []
        found[customer_id] = Membership(is_member, _told(because, bool(row[1]), words))
    return found


def _truth(node: Any, truths: Truths, places: Any) -> bool:
    match node:
        case AllOf():
            # Every part takes its places, also when the first has decided.
            walked = [_truth(part, truths, places) for part in node.all]
            return all(walked)
        case AnyOf():
            walked = [_truth(part, truths, places) for part in node.any]
            return any(walked)
        case NotOf():
            return not _truth(node.not_, truths, places)
        case _:
            return truths[next(places)]


def _because(node: Any, truths: Truths, figures: dict[int, str], wanted: bool, place: int) -> tuple[list[str], int]:
    """Return the figures that make a node what it is, and the place after its last condition."""
    match node:
        case NotOf():
            return _because(node.not_, truths, figures, not wanted, place)
        case AllOf() | AnyOf():
            parts = node.all if isinstance(node, AllOf) else node.any
            told: list[list[str]] = []
            for part in parts:
                after = place + sum(1 for _ in conditions(part))
                if _truth(part, truths, iter(range(place, after))) == wanted:
                    told.append(_because(part, truths, figures, wanted, place)[0])
                place = after
            # Of "all" every part decides a yes and one a no; of "any" it is the other way round.
            decides_alone = isinstance(node, AnyOf) == wanted
            return [figure for part in (told[:1] if decides_alone else told) for figure in part], place
        case _:
            return [figures[place]], place + 1


def _told(figures: list[str], is_alive: bool, words: Words) -> str:
    if not is_alive:
        return words.say("scheda chiusa o bloccata", "card closed or restricted")
    return ", ".join(dict.fromkeys(figures)) or words.say("ci sono tutti", "everybody is in it")


# ── figures of a person ───────────────────────────────────────────────────────────────────────────────────────────────


async def _people(session: AsyncSession, ids: list[UUID]) -> dict[UUID, Any]:
    tags = select(func.array_agg(CustomerTag.tag)).where(CustomerTag.customer_id == Customer.id).scalar_subquery()
    interests = (
        select(func.array_agg(CustomerInterest.label))
        .where(CustomerInterest.customer_id == Customer.id)
        .scalar_subquery()
    )
    statement = (
        select(
            Customer,
            Profile.last_day,
            func.coalesce(Profile.visit_days, 0).label("visits"),
            func.coalesce(Profile.revenue_minor, 0).label("revenue"),
            CustomerScore.stage,
            CustomerScore.due_on,
            tags.label("tags"),
            interests.label("interests"),
        )
        .outerjoin(Profile, Profile.customer_id == Customer.id)
        .outerjoin(CustomerScore, CustomerScore.customer_id == Customer.id)
        .where(Customer.id.in_(ids))
    )
    return {row.Customer.id: row for row in await session.execute(statement)}


async def _purchases(
    session: AsyncSession, node: Bought, moment: Moment, ids: list[UUID]
) -> dict[UUID, tuple[int, date, int]]:
    """Return, for each person, how many purchases, the day of the first and the money, as the condition counts them."""
    statement = select(
        Transaction.customer_id,
        func.count(distinct(Transaction.id)).filter(TransactionLine.total_minor > 0),
        func.min(Transaction.business_day),
        func.sum(TransactionLine.total_minor),
    ).join(TransactionLine, TransactionLine.transaction_id == Transaction.id)
    statement = statement.where(Transaction.customer_id.in_(ids), *in_window(Transaction, moment))
    if node.days is not None:
        statement = statement.where(Transaction.occurred_at > moment.at - timedelta(days=node.days))
    if node.category_id is not None:
        statement = statement.where(
            TransactionLine.category_id.in_(moment.below.get(node.category_id, (node.category_id,)))
        )
    elif node.product_id is not None:
        statement = statement.where(TransactionLine.product_id == node.product_id)
    elif node.brand_id is not None:
        statement = statement.where(
            TransactionLine.product_id.in_(select(Product.id).where(Product.brand_id == node.brand_id))
        )
    rows = await session.execute(statement.group_by(Transaction.customer_id))
    return {
        customer_id: (count, first, int(money)) for customer_id, count, first, money in rows if customer_id is not None
    }


def _figure(node: Any, person: Any, bought: tuple[int, date, int] | None, moment: Moment, words: Words) -> str:
    match node:
        case Bought():
            return _bought(node, bought, words)
        case NumberIs():
            return _number(node, person, moment, words)
        case MoneyIs(field="revenue"):
            return words.say(f"ha speso {words.money(person.revenue)}", f"has spent {words.money(person.revenue)}")
        case DateIs():
            met = person.Customer.first_contact_on
            unknown = words.say("primo contatto sconosciuto", "first contact unknown")
            return (
                words.say(f"primo contatto il {words.day(met)}", f"first met on {words.day(met)}") if met else unknown
            )
        case ChoiceIs():
            return _choice(node, person, words)
        case _:
            return condition_phrase(node, words)


def _bought(node: Bought, bought: tuple[int, date, int] | None, words: Words) -> str:
    thing = f" {words.name(node.thing)}" if node.thing else ""
    if bought is None or bought[0] == 0:
        window = (
            ""
            if node.days is None
            else words.say(f" negli ultimi {node.days} giorni", f" in the last {node.days} days")
        )
        return words.say(f"nessun acquisto{thing}{window}", f"no purchase{thing}{window}")
    count, first, money = bought
    times = words.say(
        f"{count} acquisti" if count > 1 else "1 acquisto", f"{count} purchases" if count > 1 else "1 purchase"
    )
    since = words.say(
        f"dal {words.day(first)}" if count > 1 else f"il {words.day(first)}",
        f"{'since' if count > 1 else 'on'} {words.day(first)}",
    )
    spent = f", {words.money(money)}" if node.spent_at_least is not None else ""
    return f"{times}{thing} {since}{spent}"


def _number(node: NumberIs, person: Any, moment: Moment, words: Words) -> str:
    customer = person.Customer
    match node.field:
        case "age" | "birthday_in_days" if customer.birth_on is None:
            return words.say("data di nascita sconosciuta", "birth date unknown")
        case "age":
            age = age_on(customer.birth_on, moment.on)
            return words.say(f"ha {age} anni", f"is {age}")
        case "birthday_in_days":
            return _birthday(customer.birth_on, words)
        case "last_purchase_days" if person.last_day is None:
            return words.say("nessun acquisto", "no purchase yet")
        case "last_purchase_days":
            days = (moment.on - person.last_day).days
            ago = _counted(days, ("giorno", "giorni"), ("day", "days"), words)
            return words.say(f"ultimo acquisto {ago} fa", f"last purchase {ago} ago")
        case "overdue_days" if person.due_on is None:
            return words.say("senza un ritmo", "no rhythm yet")
        case "overdue_days":
            late = (moment.on - person.due_on).days
            span = _counted(abs(late), ("giorno", "giorni"), ("day", "days"), words)
            if late < 0:
                return words.say(f"atteso tra {span}", f"due in {span}")
            return words.say(f"in ritardo di {span}", f"{span} late")
        case "visits":
            return _counted(person.visits, ("visita", "visite"), ("visit", "visits"), words)
        case "top_percent":
            return words.say(f"ha speso {words.money(person.revenue)}", f"has spent {words.money(person.revenue)}")


def _counted(count: int, italian: tuple[str, str], english: tuple[str, str], words: Words) -> str:
    unit = words.say(italian[count != 1], english[count != 1])
    return f"{count} {unit}"


def _birthday(born: date, words: Words) -> str:
    day = words.day(born).rsplit(" ", 1)[0]
    return words.say(f"compie gli anni il {day}", f"birthday on {day}")


def _choice(node: ChoiceIs, person: Any, words: Words) -> str:
    customer = person.Customer
    unknown = words.say("non si sa", "not known")

    def label(value: str | None) -> str:
        return choice_label(node.field, value, words.language) if value else unknown

    match node.field:
        case "birth_month":
            return (
                _birthday(customer.birth_on, words)
                if customer.birth_on
                else words.say("data di nascita sconosciuta", "birth date unknown")
            )
        case "city":
            return (
                words.say(f"vive a {customer.city}", f"lives in {customer.city}")
                if customer.city
                else words.say("città sconosciuta", "town unknown")
            )
        case "gender":
            return words.say(f"genere: {label(customer.gender)}", f"gender: {label(customer.gender)}")
        case "language":
            return words.say(f"lingua: {label(customer.language)}", f"language: {label(customer.language)}")
        case "source":
            return words.say(
                f"arrivo da: {label(customer.acquisition_source)}", f"came by: {label(customer.acquisition_source)}"
            )
        case "spending_capacity":
            capacity = label(customer.spending_capacity)
            return words.say(f"capacità di spesa: {capacity}", f"spending capacity: {capacity}")
        case "stage":
            return words.say(f"fase: {label(person.stage or 'none')}", f"stage: {label(person.stage or 'none')}")
        case "store":
            name = words.name(customer.home_store_id) if customer.home_store_id in words.names else unknown
            return words.say(f"punto vendita: {name}", f"store: {name}")
        case "tag":
            shown = ", ".join(sorted(person.tags or [])) or words.say("nessuna", "none")
            return words.say(f"etichette: {shown}", f"tags: {shown}")
        case "interest":
            shown = ", ".join(sorted(person.interests or [])) or words.say("nessuno", "none")
            return words.say(f"interessi: {shown}", f"interests: {shown}")
        case "contact":
            return condition_phrase(node, words)
