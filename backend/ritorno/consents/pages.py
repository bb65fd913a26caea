"""The public unsubscribe page as HTML (UX §4.18): no script, one press, readable in a text browser and at 320 px."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ritorno.consents.layout import Shop, note, page
from ritorno.consents.rules import Channel


class Copy(NamedTuple):
    """The words of one language."""

    question: dict[Channel, str]
    button: dict[Channel, str]
    done: str
    already: str
    service: str
    more: str
    more_button: dict[Channel, str]
    everything: str
    all_stopped: str
    choices: str
    because: dict[str, str]
    lost: str
    lost_detail: str


_COPY = {
    "it": Copy(
        question={
            Channel.EMAIL: "Non vuole più ricevere le nostre email?",
            Channel.SMS: "Non vuole più ricevere i nostri SMS?",
            Channel.POST: "Non vuole più ricevere le nostre lettere?",
        },
        button={
            Channel.EMAIL: "Non inviatemi più email",
            Channel.SMS: "Non inviatemi più SMS",
            Channel.POST: "Non inviatemi più lettere",
        },
        done="Fatto. Vale da subito.",
        already="È già così, e resta così.",
        service="Gli avvisi sui suoi acquisti e appuntamenti arriveranno ancora.",
        more="Si può fermare anche il resto:",
        more_button={
            Channel.EMAIL: "Anche le email",
            Channel.SMS: "Anche gli SMS",
            Channel.POST: "Anche la posta",
            Channel.PHONE_OPERATOR: "Anche le telefonate",
        },
        everything="Fermare tutto",
        all_stopped="Non le arriveranno più offerte, in nessun modo.",
        choices="Scelgo meglio: le mie preferenze e i miei dati",
        because={
            "consent": "Ha ricevuto il nostro messaggio perché ha dato il consenso a {name}.",
            "soft_optin": "Ha ricevuto il nostro messaggio perché ha comprato da {name}.",
            "customer": "Ha ricevuto il nostro messaggio perché è cliente di {name}.",
        },
        lost="Questo collegamento non funziona",
        lost_detail="Forse è incompleto. Per non ricevere più messaggi basta scrivere a {contact}.",
    ),
    "en": Copy(
        question={
            Channel.EMAIL: "Would you like to stop our emails?",
            Channel.SMS: "Would you like to stop our text messages?",
            Channel.POST: "Would you like to stop our letters?",
        },
        button={
            Channel.EMAIL: "Don't send me any more emails",
            Channel.SMS: "Don't send me any more texts",
            Channel.POST: "Don't send me any more letters",
        },
        done="Done. It counts from now on.",
        already="It is so already, and stays so.",
        service="Notices about your purchases and appointments will still arrive.",
        more="You can stop the rest, too:",
        more_button={
            Channel.EMAIL: "Emails, too",
            Channel.SMS: "Texts, too",
            Channel.POST: "Post, too",
            Channel.PHONE_OPERATOR: "Phone calls, too",
        },
        everything="Stop everything",
        all_stopped="You will no longer receive offers in any way.",
        choices="Choose in detail: my choices and my data",
        because={
            "consent": "You received our message because you gave {name} your consent.",
            "soft_optin": "You received our message because you bought from {name}.",
            "customer": "You received our message because you are a customer of {name}.",
        },
        lost="This link does not work",
        lost_detail="It may be incomplete. To stop our messages, just write to {contact}.",
    ),
}

OFFERED = (Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE_OPERATOR)
"""What the page can stop, in the order people think of it."""


def ask(shop: Shop, *, language: str, channel: Channel, because: str) -> str:
    """Return the page a link opens: one question, one button."""
    copy = _copy(language)
    button = f'<button type="submit" name="stop" value="1">{escape(copy.button[channel])}</button>'
    body = f'<form method="post">{button}</form>{note(copy.service)}{_why(copy, shop, because)}'
    return page(shop, language, copy.question[channel], body)


def stopped(
    shop: Shop,
    *,
    language: str,
    still_open: Sequence[Channel],
    because: str,
    is_new: bool,
    choices_url: str | None = None,
) -> str:
    """Return the page after the press: what holds now, and what else can be stopped."""
    copy = _copy(language)
    rest = _rest(copy, still_open) if still_open else note(copy.all_stopped)
    choices = f'<p><a href="{escape(choices_url)}">{escape(copy.choices)}</a></p>' if choices_url else ""
    body = f'<div role="status">{note(copy.service)}</div>{rest}{choices}{_why(copy, shop, because)}'
    return page(shop, language, copy.done if is_new else copy.already, body, is_done=True)


def _rest(copy: Copy, still_open: Sequence[Channel]) -> str:
    choices = [(each.value, copy.more_button[each]) for each in still_open]
    if len(choices) > 1:
        choices.append((",".join(still_open), copy.everything))
    buttons = "".join(
        f'<button class="quiet" type="submit" name="also" value="{value}">{escape(words)}</button>'
        for value, words in choices
    )
    return f'<p>{escape(copy.more)}</p><form method="post" class="row">{buttons}</form>'


def lost(shop: Shop, *, language: str) -> str:
    """Return the one page every wrong token gets (B-03)."""
    copy = _copy(language)
    return page(shop, language, copy.lost, note(copy.lost_detail.format(contact=shop.contact)))


def _copy(language: str) -> Copy:
    return _COPY.get(language, _COPY["en"])


def _why(copy: Copy, shop: Shop, because: str) -> str:
    return f'<p class="why">{escape(copy.because[because].format(name=shop.name))}</p>'
