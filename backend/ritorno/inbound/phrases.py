"""The words by which servers and absent people are known, in Italian and English; where somebody's own words end."""

import re
from html.parser import HTMLParser

COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "virus", "other"})
"""Feedback types that mean somebody does not want our mail; `not-spam` and reports of authentication do not (E-14)."""

SERVERS = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mail\.administrator)@?", re.IGNORECASE)

FAILED = re.compile(
    r"undeliver|delivery status notification|failure notice|returned mail|delivery (?:has )?fail|mail delivery failed|"
    r"mancat[oa] recapito|mancata consegna|recapito non riuscito|consegna non riuscita|non recapitat|"
    r"impossibile (?:recapitare|consegnare)",
    re.IGNORECASE,
)
DELAYED = re.compile(r"\bdelay|\bwarning\b|\bnot yet been delivered|\britard|\brinviat[oa]", re.IGNORECASE)

AUTOMATIC = re.compile(
    r"\W*(?:automatic(?: email)? reply|auto[- ]?(?:reply|response|matic response)|"
    r"vacation (?:reply|response|message)|risposta automatica|messaggio automatico|risponditore automatico)\b",
    re.IGNORECASE,
)
"""Subjects that only a machine writes."""
ABSENCE = re.compile(
    r"\W*(?:out of (?:the )?office|away from (?:the )?office|on vacation|fuori (?:ufficio|sede)|"
    r"assen(?:te|za) (?:dall['’]ufficio|per ferie|temporanea)|in ferie)\b",
    re.IGNORECASE,
)
"""Subjects of an absence, which a person may write about as well; after "Re:" they are ours."""

_QUOTE = re.compile(
    r"^[ \t]*(?:>.*|(?:il |in data |on )\b.{0,300}\b(?:ha scritto|wrote)\s*:|-{2,20} ?(?:messaggio originale|"
    r"original message|forwarded message|messaggio inoltrato).*|_{10,}|(?:da|from|inviato|sent) ?: .*|-- ?|"
    r"inviato da(?:l mio)? .*|sent from my .*)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_REPLY = 5000


def own_words(text: str) -> str:
    """Return what somebody wrote above the mail they answer."""
    quote = _QUOTE.search(text)
    return (text[: quote.start()] if quote else text).strip()[:_LONGEST_REPLY]


_RETURNED = re.compile(
    r"^[ \t]*(?:-{3,20}.{0,120}(?:copy|copia|original|below this line|returned).*|return-path:.*|received: .*|"
    r"original message headers.*)$",
    re.IGNORECASE | re.MULTILINE,
)


def without_returned(text: str) -> str:
    """Return what a server says above the mail it gives back."""
    returned = _RETURNED.search(text)
    return text[: returned.start()] if returned else text


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "script"}
        if tag in {"br", "p", "div", "tr", "li", "blockquote"}:
            self.words.append("\n> " if tag == "blockquote" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"} and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def without_tags(html: str) -> str:
    """Return the words of a page; what it quotes is marked as a quote."""
    parser = _Text()
    parser.feed(html)
    return "".join(parser.words).strip()
