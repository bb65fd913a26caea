"""Every change of a card: stated by integrations and staff, contact points, notes, restriction and decease."""

from ritorno.customers.service.cards import (
    add_tag,
    change,
    create,
    decease,
    lift_restriction,
    put,
    put_many,
    remove_tag,
    restrict,
    set_interests,
)
from ritorno.customers.service.contacts import (
    add_contact_point,
    end_contact_point,
    mark_bounced,
    mark_delivered,
    set_level,
)
from ritorno.customers.service.loading import (
    LoadedCard,
    LoadPlan,
    StatedCard,
    card_key,
    external_key,
    find_candidates,
    fiscal_key,
    load_cards,
)
from ritorno.customers.service.notes import add_note, remove_note
from ritorno.customers.service.writing import Incoming, Outcome, write

__all__ = [
    "Incoming",
    "LoadPlan",
    "LoadedCard",
    "Outcome",
    "StatedCard",
    "add_contact_point",
    "add_note",
    "add_tag",
    "card_key",
    "change",
    "create",
    "decease",
    "end_contact_point",
    "external_key",
    "find_candidates",
    "fiscal_key",
    "lift_restriction",
    "load_cards",
    "mark_bounced",
    "mark_delivered",
    "put",
    "put_many",
    "remove_note",
    "remove_tag",
    "restrict",
    "set_interests",
    "set_level",
    "write",
]
