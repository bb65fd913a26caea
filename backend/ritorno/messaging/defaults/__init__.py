"""What a new shop finds on its desk: a few templates in both languages, one sender for each channel and stream."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ritorno.consents.rules import Channel, Purpose, TemplateClass
from ritorno.messaging.schemas import TemplateTextWrite
from ritorno.stores.models import Business

UNIT_COST_MINOR: dict[Channel, int] = {Channel.EMAIL: 0, Channel.SMS: 7, Channel.POST: 130, Channel.PHONE_OPERATOR: 90}
"""What one message costs until the shop says otherwise, in cents."""


def sender_address(channel: Channel, stream: TemplateClass, *, domain: str, business: Business) -> str:
    """Return the address of a stream; marketing and service mail come from different ones (E-09)."""
    if channel is Channel.EMAIL:
        return f"{'ciao' if stream is TemplateClass.MARKETING else 'servizio'}@{domain}"
    if channel is Channel.SMS:
        # M-07: 3 to 11 letters, digits and blanks.
        name = "".join(mark for mark in business.name if mark.isascii() and (mark.isalnum() or mark == " "))
        return name[:11].strip()
    return business.address if channel is Channel.POST else business.phone


@dataclass(frozen=True, slots=True)
class Default:
    """One template that comes with the product."""

    code: str
    name: str
    channel: Channel
    template_class: TemplateClass
    purpose: Purpose
    texts: tuple[TemplateTextWrite, ...]


@dataclass(frozen=True, slots=True)
class _Mail:
    """The words around the body of one mail, Italian and English."""

    code: str
    name: str
    subject: tuple[str, str]
    preview: tuple[str, str]
    template_class: TemplateClass = TemplateClass.MARKETING
    purpose: Purpose = Purpose.MKT_OWN


def _named(with_name: str, without: str) -> str:
    """Return a subject that greets who has a name and still reads well to who has none (B-24)."""
    return f"{{% if customer.given_name %}}{with_name}{{% else %}}{without}{{% endif %}}"


_MAILS = (
    _Mail(
        "rhythm",
        "Promemoria: è ora di tornare",
        (
            _named(
                "{{ customer.given_name }}, un promemoria da {{ business.name }}",
                "Un promemoria da {{ business.name }}",
            ),
            _named(
                "{{ customer.given_name }}, a reminder from {{ business.name }}", "A reminder from {{ business.name }}"
            ),
        ),
        ("Se le fa comodo, le mettiamo da parte il solito.", "If it helps, we will put your usual aside."),
    ),
    _Mail(
        "birthday",
        "Auguri di compleanno",
        (
            _named("Buon compleanno, {{ customer.given_name }}", "Buon compleanno"),
            _named("Happy birthday, {{ customer.given_name }}", "Happy birthday"),
        ),
        ("Oggi è il suo giorno.", "Today is your day."),
    ),
    _Mail(
        "newsletter",
        "Novità del mese",
        ("Cosa c'è di nuovo da {{ business.name }}", "What is new at {{ business.name }}"),
        ("Di stagione, un consiglio e gli orari.", "In season, a thought and the opening hours."),
    ),
    _Mail(
        "ready",
        "Ordine pronto",
        ("Il suo ordine è pronto", "Your order is ready"),
        ("La aspetta da noi.", "It is waiting for you."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
    ),
)

_PLAIN: tuple[tuple[str, str, Channel], ...] = (
    ("rhythm-sms", "Promemoria via SMS", Channel.SMS),
    ("rhythm-call", "Telefonata: è ora di tornare", Channel.PHONE_OPERATOR),
    ("rhythm-letter", "Lettera: è ora di tornare", Channel.POST),
)


@cache
def templates() -> tuple[Default, ...]:
    """Return what comes with the product."""
    mails = [
        Default(
            mail.code,
            mail.name,
            Channel.EMAIL,
            mail.template_class,
            mail.purpose,
            tuple(
                TemplateTextWrite(
                    language=language, subject=mail.subject[side], body=_body(mail, language, mail.preview[side])
                )
                for side, language in enumerate(("it", "en"))
            ),
        )
        for mail in _MAILS
    ]
    others = [
        Default(
            code,
            name,
            channel,
            TemplateClass.MARKETING,
            Purpose.MKT_OWN,
            tuple(
                TemplateTextWrite(language=language, subject=name, body=_file(f"{code}.{language}.txt"))
                for language in ("it", "en")
            ),
        )
        for code, name, channel in _PLAIN
    ]
    return (*mails, *others)


def _body(mail: _Mail, language: str, preview: str) -> str:
    footer = "footer" if mail.template_class is TemplateClass.MARKETING else "service-footer"
    return (
        _file("layout.mjml")
        .replace("%language%", language)
        .replace("%preview%", preview)
        .replace("%content%", _file(f"{mail.code}.{language}.mjml").rstrip())
        .replace("%footer%", _file(f"{footer}.{language}.mjml").rstrip())
    )


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
