"""The person's own page: choices, data, requests. Every form is a plain POST to the page's own address, without script.

Printed, the same page is the paper form: boxes to tick, the texts with version and hash, lines for date and signature.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple
from uuid import UUID

from ritorno.consents.layout import Shop, note, page
from ritorno.consents.rules import NEGATIVE, Standing
from ritorno.privacy.choosing import Block, Cell, Choices
from ritorno.privacy.correcting import ADDRESS, FIELDS, Data
from ritorno.privacy.pages.copy import Copy, copy_of, title_of, version_words
from ritorno.privacy.pages.style import STYLE

TRAP = "website"
"""A field people do not see; what fills it in is a machine."""


class Told(NamedTuple):
    """What the page says first, after a press."""

    text: str
    faults: Mapping[str, str] = {}
    """The fields that could not be read, with what was typed there."""


class Shown(NamedTuple):
    """What one reader sees of the page."""

    choices: Choices
    data: Data | None
    """None: this link does not show data."""
    holders: Sequence[str]
    awaits_code: bool
    is_restricted: bool
    zone: str
    codes: Mapping[UUID, str]
    """The code of the notice each text belongs to, by the text's id."""


def own(shop: Shop, shown: Shown, *, language: str, told: Told | None = None) -> str:
    """Return the page."""
    copy = copy_of(language)
    faults = told.faults if told else {}
    parts = [
        _told(copy, told),
        _code(copy, faults) if shown.awaits_code else "",
        f'<div class="screen">{note(copy.intro)}</div>',
        _paper_head(copy),
        _choices(copy, shop, shown, language),
        _stop(copy),
        _data(copy, shown, faults),
        _requests(copy),
        _paper_foot(copy, shop),
    ]
    title = f"{copy.error}: {copy.heading}" if faults else copy.heading
    return page(shop, language, copy.heading, "".join(parts), title=title, style=STYLE)


def door(shop: Shop, *, language: str, told: Told | None = None) -> str:
    """Return the page of a link that only opens: nothing of the person, and the way to a new link."""
    copy = copy_of(language)
    form = _form("link", _button(copy.send_link))
    return page(shop, language, copy.opens, _told(copy, told) + note(copy.opens_detail) + form, style=STYLE)


def closed(shop: Shop, *, language: str, is_erased: bool) -> str:
    """Return the page of somebody we no longer write to at all."""
    copy = copy_of(language)
    heading = copy.gone if is_erased else copy.silent
    detail = copy.gone_detail if is_erased else copy.silent_detail.format(contact=shop.contact)
    return page(shop, language, heading, note(detail))


# ── what was pressed ──────────────────────────────────────────────────────────────────────────────────────────────────


def _told(copy: Copy, told: Told | None) -> str:
    if told is None:
        return ""
    if not told.faults:
        return f'<div class="told screen" role="status">{note(told.text)}</div>'
    items = "".join(
        f'<li><a href="#{name}">{escape(copy.labels.get(name, copy.code))}</a>: {escape(copy.fault[name])}</li>'
        for name in told.faults
    )
    return f'<div class="told bad screen" role="alert"><h2>{escape(told.text)}</h2><ul>{items}</ul></div>'


def _form(act: str, body: str, *, kind: str = "") -> str:
    trap = (
        f'<p class="trap" aria-hidden="true"><label>{{leave}} <input name="{TRAP}" tabindex="-1" autocomplete="off">'
        "</label></p>"
    )
    return (
        f'<form method="post" class="screen {kind}"><input type="hidden" name="act" value="{act}">{body}'
        f"{trap.format(leave=escape(_LEAVE))}</form>"
    )


_LEAVE = "Lasciare vuoto · Leave empty"


def _button(words: str, *, kind: str = "", value: str = "1", name: str = "press") -> str:
    shape = f' class="{kind}"' if kind else ""
    return f'<button type="submit" name="{name}" value="{escape(value)}"{shape}>{escape(words)}</button>'


# ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _choices(copy: Copy, shop: Shop, shown: Shown, language: str) -> str:
    blocks = "".join(_block(copy, block, shown, language) for block in shown.choices.blocks)
    warning = note(copy.quoted)
    warning += note(copy.minor) if shown.choices.is_minor else ""
    warning += note(copy.restricted) if shown.is_restricted else ""
    head = f'<h2 id="choices" class="screen">{escape(copy.choices)}</h2><div class="screen">{warning}</div>'
    return (
        f'{head}<form method="post"><input type="hidden" name="act" value="choose">{blocks}{_button(copy.save)}</form>'
    )


def _block(copy: Copy, block: Block, shown: Shown, language: str) -> str:
    words = title_of(copy, block.purpose, block.recipient_name)
    text = ""
    if block.version is not None:
        version = version_words(copy, block.version, shown.codes.get(block.version.id, ""), language, shown.zone)
        text = (
            f'<blockquote lang="{escape(block.version.language)}">{escape(block.version.text)}</blockquote>'
            f'<p class="small paper">{escape(version)}</p>'
        )
    cells = "".join(_cell(copy, cell, words) for cell in block.cells)
    return f'<section class="block"><h3>{escape(words)}</h3>{text}<div class="cells">{cells}</div></section>'


def _cell(copy: Copy, cell: Cell, words: str) -> str:
    label = copy.channels[cell.channel] if cell.channel is not None else copy.whole
    hint = copy.waiting if cell.is_waiting else copy.soft if cell.is_soft else ""
    said = f'<span class="small screen">{escape(hint)}</span>' if hint else ""
    is_yes = cell.standing is Standing.GRANTED or cell.is_waiting
    is_no = cell.standing in NEGATIVE and not cell.is_waiting
    yes = _radio(cell.name, "yes", copy.yes, is_on=is_yes) if cell.may_say_yes or is_yes else ""
    return (
        f'<fieldset><legend><span class="unseen">{escape(words)}: </span>{escape(label)}</legend>'
        f"{yes}{_radio(cell.name, 'no', copy.no, is_on=is_no)}{said}</fieldset>"
    )


def _radio(name: str, value: str, words: str, *, is_on: bool) -> str:
    checked = " checked" if is_on else ""
    return (
        f'<label><input type="radio" name="{escape(name)}" value="{value}"{checked}>'
        f'<span class="box paper" aria-hidden="true"></span>{escape(words)}</label>'
    )


def _stop(copy: Copy) -> str:
    return _form("stop", f"{note(copy.stop_detail)}{_button(copy.stop, kind='no')}", kind="stop")


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

_AUTOCOMPLETE = {
    "given_name": "given-name",
    "family_name": "family-name",
    "birth_on": "bday",
    "email": "email",
    "phone": "tel",
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "province": "address-level1",
    "country": "country",
    "code": "one-time-code",
}
_TYPES = {"email": "email", "phone": "tel"}


def _data(copy: Copy, shown: Shown, faults: Mapping[str, str]) -> str:
    head = f'<h2 class="screen">{escape(copy.data)}</h2>'
    if shown.data is None:
        return head + _form("link", f"{note(copy.data_closed)}{_button(copy.send_link, kind='quiet')}")
    fields = "".join(_field(copy, shown.data, name, faults) for name in FIELDS)
    holders = "".join(f"<li>{escape(name)}</li>" for name in shown.holders)
    given = f"<ul>{holders}</ul>" if holders else note(copy.holders_none)
    who = f'<div class="screen holders"><h3>{escape(copy.holders)}</h3>{given}</div>'
    # The browser must not refuse what the server explains better.
    form = _form("data", f'<div class="fields">{fields}</div>{_button(copy.save_data)}').replace(
        "<form ", "<form novalidate ", 1
    )
    return head + form + who


def _field(copy: Copy, data: Data, name: str, faults: Mapping[str, str]) -> str:
    value = faults.get(name, data.values[name])
    if name == "birth_on" and not data.may_change_birth:
        return f"{note(copy.birth_fixed)}"
    if name == "language":
        known = {**copy.languages, **({} if value in copy.languages else {value: value})}
        options = "".join(
            f'<option value="{escape(each)}"{" selected" if each == value else ""}>{escape(words)}</option>'
            for each, words in known.items()
        )
        described = _described(copy, name, faults)
        control = f'<select id="{name}" name="{name}"{described}>{options}</select>'
        return _labelled(copy, name, control, faults)
    hint = copy.hints.get(name, "")
    if name == "email" and data.unconfirmed:
        hint = copy.unconfirmed
    control = (
        f'<input id="{name}" name="{name}" type="{_TYPES.get(name, "text")}" value="{escape(value)}" '
        f'autocomplete="{_AUTOCOMPLETE[name]}" maxlength="200"{_described(copy, name, faults, hint)}>'
    )
    return _labelled(copy, name, control, faults, hint)


def _described(copy: Copy, name: str, faults: Mapping[str, str], hint: str = "") -> str:
    ids = [f"{name}-hint"] if hint else []
    if name in faults:
        ids.append(f"{name}-fault")
    about = f' aria-describedby="{" ".join(ids)}"' if ids else ""
    return about + (' aria-invalid="true"' if name in faults else "")


def _labelled(copy: Copy, name: str, control: str, faults: Mapping[str, str], hint: str = "") -> str:
    label = copy.labels.get(name, copy.code)
    optional = (
        f' <span class="small">({escape(copy.optional)})</span>' if name in ("birth_on", "phone", *ADDRESS) else ""
    )
    below = f'<span class="small" id="{name}-hint">{escape(hint)}</span>' if hint else ""
    fault = f'<span class="fault" id="{name}-fault">{escape(copy.fault[name])}</span>' if name in faults else ""
    return f'<p class="field"><label for="{name}">{escape(label)}{optional}</label>{below}{fault}{control}</p>'


def _code(copy: Copy, faults: Mapping[str, str]) -> str:
    control = (
        '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6"'
        f"{_described(copy, 'code', faults, copy.code_detail)}>"
    )
    field = _labelled(copy, "code", control, faults, copy.code_detail)
    again = _form("code-again", _button(copy.code_again, kind="quiet"))
    return _form("code", f"{field}{_button(copy.code_button)}", kind="code") + again


# ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _requests(copy: Copy) -> str:
    buttons = "".join(_button(words, kind="quiet", name="request", value=kind) for kind, words in copy.requests.items())
    form = _form("ask", f'<div class="row">{buttons}</div>')
    return f'<h2 class="screen">{escape(copy.rights)}</h2><div class="screen">{note(copy.rights_detail)}</div>{form}'


# ── on paper ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _paper_head(copy: Copy) -> str:
    return f'<div class="paper"><p class="title">{escape(copy.paper)}</p>{note(copy.paper_intro)}</div>'


def _paper_foot(copy: Copy, shop: Shop) -> str:
    lines = "".join(
        f'<p class="line"><span>{escape(words)}</span></p>'
        for words in (copy.paper_name, copy.paper_date, copy.paper_signature, copy.paper_staff)
    )
    rights = note(copy.paper_rights.format(contact=shop.contact))
    return f'<div class="paper sign">{lines}{rights}</div>'
