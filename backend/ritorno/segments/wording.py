"""A segment read back as one sentence, and the facts that put a person in it, in Italian and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from ritorno.kit.dates import long_date
from ritorno.kit.money import to_minor, to_text
from ritorno.segments.fields import choice_label
from ritorno.segments.schemas import AllOf, AnyOf, Bought, ChoiceIs, DateIs, MoneyIs, NotOf, NumberIs, Permission

_CHANNELS = {
    "it": {"EMAIL": "email", "SMS": "SMS", "POST": "posta", "PHONE_OPERATOR": "telefono"},
    "en": {"EMAIL": "email", "SMS": "text message", "POST": "letter", "PHONE_OPERATOR": "phone"},
}
_PURPOSES = {
    "it": {"MKT_OWN": "offerte", "MARKET_RESEARCH": "questionari", "SERVICE": "avvisi"},
    "en": {"MKT_OWN": "offers", "MARKET_RESEARCH": "surveys", "SERVICE": "notices"},
}
_FAMILIES = {
    "it": {
        "allowed": "può ricevere {what}",
        "said_no": "ha detto no a {what}",
        "to_fix": "ha un recapito da sistemare per {what}",
        "not_asked": "non ha mai risposto se vuole {what}",
        "later": "potrà ricevere più tardi {what}",
        "review": "va deciso da una persona se può ricevere {what}",
    },
    "en": {
        "allowed": "may receive {what}",
        "said_no": "have said no to {what}",
        "to_fix": "have an address to fix for {what}",
        "not_asked": "have never been asked about {what}",
        "later": "may later receive {what}",
        "review": "are waiting for a person to decide on {what}",
    },
}
_NEGATED = {
    "have": "have not",
    "are": "are not",
    "may": "may not",
    "live": "do not live",
    "were": "were not",
    "spent": "have not spent",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A language, the currency of the business, and the names of the things a tree points to."""

    language: str
    currency: str
    names: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def is_english(self) -> bool:
        return self.language == "en"

    def say(self, italian: str, english: str) -> str:
        return english if self.is_english else italian

    def money(self, minor: int) -> str:
        text = to_text(minor, self.currency)
        sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(self.currency, self.currency)
        return f"{sign}{text}" if self.is_english else f"{text.replace('.', ',')} {sign}"

    def day(self, day: date) -> str:
        return long_date(day, "en" if self.is_english else "it")

    def name(self, thing: UUID | None) -> str:
        found = self.names.get(thing, "…") if thing else ""
        return f"“{found}”" if self.is_english else f"«{found}»"

    def listed(self, items: list[str]) -> str:
        shown = [*items[:5], self.say(f"altri {len(items) - 5}", f"{len(items) - 5} more")] if len(items) > 6 else items
        last = self.say(" o ", " or ")
        return last.join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def sentence(tree: Any, words: Words) -> str:
    """Return the whole tree as one sentence."""
    parts = list(tree.all) if isinstance(tree, AllOf) else [tree]
    if not parts:
        return words.say("Tutte le persone.", "Everybody.")
    said = _joined([_phrase(part, words) for part in parts], words.say(" e ", " and "))
    if len(parts) == 1 and isinstance(parts[0], AnyOf | AllOf):
        said = said.removeprefix("(").removesuffix(")")
    return words.say(f"Chi {said}.".replace(" e è ", " ed è "), f"People who {said}.")


def _phrase(node: Any, words: Words) -> str:
    match node:
        case AllOf():
            return _bracketed([_phrase(part, words) for part in node.all], words.say(" e ", " and ")) or words.say(
                "c’è", "exist"
            )
        case AnyOf():
            return _bracketed([_phrase(part, words) for part in node.any], words.say(" oppure ", " or "))
        case NotOf():
            return _negated(node.not_, words)
        case _:
            return condition_phrase(node, words)


def _negated(node: Any, words: Words) -> str:
    inner = _phrase(node, words)
    if isinstance(node, NotOf):
        return _phrase(node.not_, words)
    if isinstance(node, AllOf | AnyOf):
        return words.say(f"non è tra chi {inner}", f"are not among those who {inner}")
    if not words.is_english:
        return f"non {inner}"
    verb, _, rest = inner.partition(" ")
    return f"{_NEGATED.get(verb, f'are not among those who {verb}')} {rest}"


def _bracketed(phrases: list[str], glue: str) -> str:
    return phrases[0] if len(phrases) == 1 else f"({_joined(phrases, glue)})" if phrases else ""


def _joined(phrases: list[str], glue: str) -> str:
    if glue.strip() in {"oppure", "or"} or len(phrases) < 3:
        return glue.join(phrases)
    return glue.join([", ".join(phrases[:-1]), phrases[-1]])


def condition_phrase(node: Any, words: Words) -> str:
    """Return one condition as a verb phrase."""
    match node:
        case Bought():
            return _bought(node, words)
        case Permission():
            return permission_phrase(node, words)
        case NumberIs():
            return _number(node, words)
        case MoneyIs():
            low, high = node.bounds_in(words.currency)
            amount = _range(low, high, words.money, words)
            if node.field == "revenue":
                return words.say(f"ha speso in tutto {amount}", f"have spent {amount} in total")
            return words.say(f"ha speso {amount} negli ultimi 12 mesi", f"have spent {amount} in the last 12 months")
        case DateIs():
            return _first_contact(node, words)
        case ChoiceIs():
            return _choice(node, words)
        case _:
            raise TypeError(f"no words for {type(node).__name__}")


def permission_phrase(node: Permission, words: Words) -> str:
    """Return what the gate must have answered."""
    language = "en" if words.is_english else "it"
    what = words.say(
        f"{_PURPOSES['it'][node.purpose]} per {_CHANNELS['it'][node.channel]}",
        f"{_PURPOSES['en'][node.purpose]} by {_CHANNELS['en'][node.channel]}",
    )
    return _FAMILIES[language][node.family].format(what=what)


def _bought(node: Bought, words: Words) -> str:
    thing = f" {words.name(node.thing)}" if node.thing else words.say("", " something")
    times = words.say(
        "" if node.at_least == 1 else f" almeno {node.at_least} volte",
        "" if node.at_least == 1 else f" at least {node.at_least} times",
    )
    window = (
        "" if node.days is None else words.say(f" negli ultimi {node.days} giorni", f" in the last {node.days} days")
    )
    spent = ""
    if node.spent_at_least is not None:
        amount = words.money(to_minor(node.spent_at_least, words.currency))
        spent = words.say(f" spendendo almeno {amount}", f", spending at least {amount}")
    return words.say(f"ha comprato{thing}{times}{window}{spent}", f"have bought{thing}{times}{window}{spent}")


def _number(node: NumberIs, words: Words) -> str:
    low, high = node.bounds
    amount = _range(low, high, str, words)
    only_one = amount.endswith("1") and (low, high) in {(1, 1), (1, None), (None, 1), (0, 1)}
    days = words.say("giorno" if only_one else "giorni", "day" if only_one else "days")
    match node.field:
        case "age":
            return words.say(f"ha {amount} {'anno' if only_one else 'anni'}", f"are {amount} years old")
        case "birthday_in_days":
            return words.say(f"compie gli anni tra {amount} {days}", f"have their birthday in {amount} {days}")
        case "last_purchase_days":
            return words.say(f"ha comprato l’ultima volta {amount} {days} fa", f"have last bought {amount} {days} ago")
        case "overdue_days":
            return words.say(
                f"è in ritardo sul suo ritmo di {amount} {days}", f"are late on their rhythm by {amount} {days}"
            )
        case "visits":
            visits = words.say("visita" if only_one else "visite", "visit" if only_one else "visits")
            return words.say(f"ha fatto {amount} {visits}", f"have made {amount} {visits}")
        case "top_percent":
            share = high if low is None else amount
            return words.say(f"è nel {share} % che spende di più", f"are in the {share}% who spend most")


def _range(low: int | None, high: int | None, show: Any, words: Words) -> str:
    if low is not None and low == high:
        return str(show(low))
    if low is not None and high is not None:
        return words.say(f"da {show(low)} a {show(high)}", f"{show(low)} to {show(high)}")
    if low is not None:
        return words.say(f"almeno {show(low)}", f"at least {show(low)}")
    return words.say(f"al massimo {show(high)}", f"at most {show(high)}")


def _first_contact(node: DateIs, words: Words) -> str:
    began = words.say("ha avuto il primo contatto", "were first met")
    match node.value:
        case (first, last):
            span = words.say(
                f"dal {words.day(first)} al {words.day(last)}", f"from {words.day(first)} to {words.day(last)}"
            )
        case int(days):
            span = words.say(f"negli ultimi {days} giorni", f"in the last {days} days")
        case day:
            before = words.say(f"prima del {words.day(day)}", f"before {words.day(day)}")
            span = before if node.op == "before" else words.say(f"dopo il {words.day(day)}", f"after {words.day(day)}")
    return f"{began} {span}"


def _choice(node: ChoiceIs, words: Words) -> str:
    if node.field == "store":
        values = words.listed([words.name(UUID(value)) for value in node.value])
    else:
        values = words.listed([choice_label(node.field, value, words.language) for value in node.value])
    phrase = {
        "birth_month": words.say(f"compie gli anni a {values}", f"have their birthday in {values}")
        .replace("a questo mese", "questo mese")
        .replace("in this month", "this month"),
        "city": words.say(f"vive a {values}", f"live in {values}"),
        "contact": words.say(f"ha lasciato {values}", f"have left {values}"),
        "gender": words.say(f"è registrato come {values}", f"are recorded as {values}"),
        "interest": words.say(f"ha tra gli interessi {values}", f"have an interest in {values}"),
        "language": words.say(f"è da scrivere in {values}", f"are written to in {values}"),
        "source": words.say(f"è arrivato da {values}", f"were brought by {values}"),
        "spending_capacity": words.say(f"ha capacità di spesa {values}", f"have {values} spending capacity"),
        "stage": words.say(f"è {values}", f"are {values}"),
        "store": words.say(f"è cliente di {values}", f"are customers of {values}"),
        "tag": words.say(f"ha l’etichetta {values}", f"have the tag {values}"),
    }[node.field]
    if node.op == "in":
        return phrase
    if not words.is_english:
        return f"non {phrase}"
    verb, _, rest = phrase.partition(" ")
    return f"{_NEGATED[verb]} {rest}"
