"""The public unsubscribe page as HTML (UX §4.18): no script, one press, readable in a text browser and at 320 px."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ritorno.consents.rules import Channel


class Shop(NamedTuple):
    """Who writes; name and address stand on every page (D-06)."""

    name: str
    address: str
    email: str
    phone: str


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
    because: dict[str, str]
    rights: str
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
        because={
            "consent": "Ha ricevuto il nostro messaggio perché ha dato il consenso a {name}.",
            "soft_optin": "Ha ricevuto il nostro messaggio perché ha comprato da {name}.",
            "customer": "Ha ricevuto il nostro messaggio perché è cliente di {name}.",
        },
        rights="Per ogni domanda sui suoi dati: {contact}.",
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
        because={
            "consent": "You received our message because you gave {name} your consent.",
            "soft_optin": "You received our message because you bought from {name}.",
            "customer": "You received our message because you are a customer of {name}.",
        },
        rights="For any question about your data: {contact}.",
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
    body = f'<form method="post">{button}</form>{_note(copy.service)}{_why(copy, shop, because)}'
    return _page(shop, language, copy.question[channel], body)


def stopped(shop: Shop, *, language: str, still_open: Sequence[Channel], because: str, is_new: bool) -> str:
    """Return the page after the press: what holds now, and what else can be stopped."""
    copy = _copy(language)
    rest = _rest(copy, still_open) if still_open else _note(copy.all_stopped)
    body = f'<div role="status">{_note(copy.service)}</div>{rest}{_why(copy, shop, because)}'
    return _page(shop, language, copy.done if is_new else copy.already, body, is_done=True)


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
    return _page(shop, language, copy.lost, _note(copy.lost_detail.format(contact=_contact(shop))))


def _copy(language: str) -> Copy:
    return _COPY.get(language, _COPY["en"])


def _note(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _why(copy: Copy, shop: Shop, because: str) -> str:
    return f'<p class="why">{escape(copy.because[because].format(name=shop.name))}</p>'


def _contact(shop: Shop) -> str:
    return shop.email or shop.phone or shop.address or shop.name


_STYLE = """
:root{color-scheme:light dark;--page:#FAF9F7;--card:#FFFFFF;--line:#E4E0D9;--edge:#8A857B;--text:#1F1D1A;--soft:#625E57;
--ink:#2F52AB;--on:#FFFFFF;--yes:#17663F;--ring:#2B4A9B}
@media(prefers-color-scheme:dark){:root{--page:#161513;--card:#1E1D1A;--line:#37342F;--edge:#8F897E;--text:#ECE9E3;
--soft:#ABA59A;--ink:#3F63C2;--yes:#7FD3A4;--ring:#9DB5F2}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);
font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;display:flex;min-height:100vh;flex-direction:column}
main{width:100%;max-width:34rem;margin:auto;padding:24px 16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:32px 24px}
.shop{margin:0 0 16px;color:var(--soft);font-size:15px;font-weight:550}
h1{margin:0 0 24px;font-size:27px;line-height:1.2;font-weight:650;letter-spacing:-.01em}h1.done{color:var(--yes)}
button{font:inherit;font-weight:550;min-height:52px;padding:12px 20px;border-radius:8px;border:1px solid var(--ink);
background:var(--ink);color:var(--on);cursor:pointer;width:100%}
button.quiet{background:transparent;color:var(--text);border-color:var(--edge);width:auto;min-height:44px;
padding:8px 16px}
button:focus-visible,a:focus-visible{outline:2px solid var(--ring);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:8px}p{margin:16px 0}.why,footer{color:var(--soft);font-size:15px}
.why{border-top:1px solid var(--line);padding-top:16px;margin-bottom:0}
footer{max-width:34rem;width:100%;margin:0 auto;padding:0 40px 32px}footer p{margin:4px 0;overflow-wrap:anywhere}
@media(max-width:400px){.card{padding:24px 16px}footer{padding:0 24px 24px}h1{font-size:24px}.row button{width:100%}}
""".strip()


def _page(shop: Shop, language: str, heading: str, body: str, *, is_done: bool = False) -> str:
    copy = _copy(language)
    name, address = escape(shop.name), escape(shop.address)
    rights = escape(copy.rights.format(contact=_contact(shop)))
    return (
        f'<!doctype html><html lang="{escape(language if language in _COPY else "en")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(heading)} · {name}</title><style>{_STYLE}</style></head>"
        f'<body><main><div class="card"><p class="shop">{name}</p>'
        f"<h1{' class=done' if is_done else ''}>{escape(heading)}</h1>{body}</div></main>"
        f"<footer><p>{name}{' · ' + address if address else ''}</p><p>{rights}</p></footer></body></html>"
    )
