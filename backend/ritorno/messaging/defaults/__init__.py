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


_MAILS = (
    _Mail(
        "rhythm",
        "Promemoria: è ora di tornare",
        (
            "{% if customer.given_name %}{{ customer.given_name }}, un promemoria da {{ business.name }}"
            "{% else %}Un promemoria da {{ business.name }}{% endif %}",
            "{% if customer.given_name %}{{ customer.given_name }}, a reminder from {{ business.name }}"
            "{% else %}A reminder from {{ business.name }}{% endif %}",
        ),
        ("Se le fa comodo, le mettiamo da parte il solito.", "If it helps, we will put your usual aside."),
    ),
    _Mail(
        "birthday",
        "Auguri di compleanno",
        (
            "{% if customer.given_name %}Buon compleanno, {{ customer.given_name }}{% else %}Buon compleanno{% endif %}",
            "{% if customer.given_name %}Happy birthday, {{ customer.given_name }}{% else %}Happy birthday{% endif %}",
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

_PLAIN: tuple[tuple[str, str, Channel, str, str], ...] = (
    (
        "rhythm-sms",
        "Promemoria via SMS",
        Channel.SMS,
        "{{ business.name }}: {{ customer.given_name | default: 'Buongiorno' }}, la aspettiamo in negozio."
        " Per non ricevere altri SMS: {{ unsubscribe_url }}",
        "{{ business.name }}: {{ customer.given_name | default: 'Hello' }}, we look forward to seeing you."
        " To stop these texts: {{ unsubscribe_url }}",
    ),
    (
        "rhythm-call",
        "Telefonata: è ora di tornare",
        Channel.PHONE_OPERATOR,
        "Buongiorno, chiamo da {{ business.name }}. Parlo con {{ customer.full_name | default: 'il cliente' }}?\n\n"
        "La chiamo perché è un po' che non la vediamo: se vuole le metto da parte quello che prende di solito.\n\n"
        "Se non desidera più ricevere telefonate me lo dica: lo segno subito.\n",
        "Good morning, I am calling from {{ business.name }}. Am I speaking with {{ customer.full_name | default: 'the customer' }}?\n\n"
        "It has been a little while, so I wondered whether I may put your usual aside.\n\n"
        "If you no longer want calls from us, just say so: I note it at once.\n",
    ),
    (
        "rhythm-letter",
        "Lettera: è ora di tornare",
        Channel.POST,
        "{{ business.name }}\n{{ business.address }}\n\nGentile {{ customer.full_name | default: 'cliente' }},\n\n"
        "è un po' che non la vediamo e ci farebbe piacere ritrovarla. Passi quando vuole: le mettiamo da parte il solito.\n\n"
        "A presto,\n{{ business.name }}\n\n{{ why }} Se non desidera più ricevere lettere, lo dica in negozio"
        " o scriva a {{ business.email | default: business.phone }}.\n",
        "{{ business.name }}\n{{ business.address }}\n\nDear {{ customer.full_name | default: 'customer' }},\n\n"
        "it has been a little while and we would be glad to see you again. Come by any time: we will put your usual aside.\n\n"
        "See you soon,\n{{ business.name }}\n\n{{ why }} If you no longer want letters from us, say so in the shop"
        " or write to {{ business.email | default: business.phone }}.\n",
    ),
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
            (
                TemplateTextWrite(language="it", subject=name, body=italian),
                TemplateTextWrite(language="en", subject=name, body=english),
            ),
        )
        for code, name, channel, italian, english in _PLAIN
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
