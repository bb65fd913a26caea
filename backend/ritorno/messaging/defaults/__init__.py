"""What a new shop finds on its desk: a few templates in both languages, one sender for each channel and stream."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ritorno.consents.rules import Channel, Purpose, ServiceKind, TemplateClass
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
    service_kind: ServiceKind | None = None


@dataclass(frozen=True, slots=True)
class _Mail:
    """The words around the body of one mail, Italian and English."""

    code: str
    name: str
    subject: tuple[str, str]
    preview: tuple[str, str]
    template_class: TemplateClass = TemplateClass.MARKETING
    purpose: Purpose = Purpose.MKT_OWN
    service_kind: ServiceKind | None = None


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
        ServiceKind.ORDER,
    ),
    _Mail(
        "confirm-address",
        "Conferma dell'indirizzo",
        ("Conferma il suo indirizzo?", "Is this your address?"),
        ("Serve un solo clic.", "It takes one click."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
        ServiceKind.CODE,
    ),
    _Mail(
        "preferences-link",
        "Collegamento ai propri dati",
        ("Il collegamento che ha chiesto", "The link you asked for"),
        ("Per vedere e cambiare i suoi dati.", "To see and change your data."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
        ServiceKind.RIGHTS,
    ),
    _Mail(
        "privacy-identity",
        "Richiesta sui dati: conferma di chi chiede",
        ("Ci ha chiesto qualcosa sui suoi dati?", "Did you ask us about your data?"),
        ("Serve un solo clic per confermare.", "It takes one click to confirm."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
        ServiceKind.RIGHTS,
    ),
    _Mail(
        "privacy-pack",
        "Richiesta sui dati: il pacchetto",
        ("I suoi dati sono pronti", "Your data are ready"),
        ("Il collegamento vale sette giorni.", "The link works for seven days."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
        ServiceKind.RIGHTS,
    ),
    _Mail(
        "privacy-answer",
        "Richiesta sui dati: la risposta",
        ("La risposta alla sua richiesta", "Our answer to your request"),
        ("Il collegamento vale sette giorni.", "The link works for seven days."),
        TemplateClass.SERVICE,
        Purpose.SERVICE,
        ServiceKind.RIGHTS,
    ),
)

_PLAIN: tuple[tuple[str, str, Channel, ServiceKind | None], ...] = (
    ("rhythm-sms", "Promemoria via SMS", Channel.SMS, None),
    ("rhythm-call", "Telefonata: è ora di tornare", Channel.PHONE_OPERATOR, None),
    ("rhythm-letter", "Lettera: è ora di tornare", Channel.POST, None),
    ("confirm-code", "Codice di conferma", Channel.SMS, ServiceKind.CODE),
    ("sms-stopped", "Risposta a chi scrive STOP", Channel.SMS, ServiceKind.RIGHTS),
    ("sms-help", "Risposta a chi scrive AIUTO", Channel.SMS, ServiceKind.RIGHTS),
)
"""Marketing, or a service of the kind named."""
_SUBJECTS = {"rhythm-letter": ("Ci farebbe piacere rivederla", "We would be glad to see you again")}
"""What stands above the text on paper; elsewhere nobody reads the subject of a plain one."""


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
            mail.service_kind,
        )
        for mail in _MAILS
    ]
    others = [
        Default(
            code,
            name,
            channel,
            TemplateClass.SERVICE if kind else TemplateClass.MARKETING,
            Purpose.SERVICE if kind else Purpose.MKT_OWN,
            tuple(
                TemplateTextWrite(
                    language=language,
                    subject=_SUBJECTS.get(code, (name, name))[side],
                    body=_file(f"{code}.{language}.txt"),
                )
                for side, language in enumerate(("it", "en"))
            ),
            kind,
        )
        for code, name, channel, kind in _PLAIN
    ]
    return (*mails, *others)


def _body(mail: _Mail, language: str, preview: str) -> str:
    footer = _FOOTERS.get(mail.service_kind, "service-footer")
    return (
        _file("layout.mjml")
        .replace("%language%", language)
        .replace("%preview%", preview)
        .replace("%content%", _file(f"{mail.code}.{language}.mjml").rstrip())
        .replace("%footer%", _file(f"{footer}.{language}.mjml").rstrip())
    )


_FOOTERS = {None: "footer", ServiceKind.RIGHTS: "rights-footer", ServiceKind.CODE: "rights-footer"}
"""Marketing says how to leave, service why it came; a mail about one's own rights has said so already."""


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
