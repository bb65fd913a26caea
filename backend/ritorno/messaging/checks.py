"""Everything that is wrong with a template, found when it is saved (B-24, B-25, B-26, D-05, D-06, C-07, S-17)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ritorno.consents.rules import Channel, Purpose, TemplateClass
from ritorno.messaging.planning import ANY_SITE
from ritorno.messaging.rendering import (
    MergeMissing,
    Rendered,
    Source,
    TemplateBroken,
    compile_mjml,
    fill,
    read_html,
    variables_of,
)
from ritorno.messaging.rules import Ending, Severity, missing_duties, promo_hits, recall_faults
from ritorno.messaging.short_links import like_a_short_link
from ritorno.messaging.sms import USUAL_PARTS, count_parts, odd_characters
from ritorno.messaging.variables import BY_NAME, LINKS, examples

MAX_SUBJECT = 200
MAX_BODY = 200_000


@dataclass(frozen=True, slots=True)
class Draft:
    """One language of a template as its author typed it."""

    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong; an error keeps the template a draft."""

    code: str
    severity: Severity
    language: str
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One language read: what can be stored, and what is wrong with it."""

    draft: Draft
    source: Source | None
    variables: frozenset[str]
    is_promotional: bool
    findings: list[Finding]

    @property
    def uses_purchases(self) -> bool:
        """Tell whether the text mentions what somebody bought, which needs PROFILING (C-18)."""
        return any(BY_NAME[name].uses_purchases for name in self.variables if name in BY_NAME)

    @property
    def is_sendable(self) -> bool:
        return self.source is not None and not any(finding.severity is Severity.ERROR for finding in self.findings)


def read(
    draft: Draft,
    *,
    channel: Channel,
    template_class: TemplateClass,
    service_hosts: frozenset[str],
    purpose: Purpose = Purpose.SERVICE,
) -> Reading:
    """Compile one language and return every finding about it, worst first."""
    findings: list[Finding] = []

    def find(code: str, message: str, line: int | None = None, severity: Severity = Severity.ERROR) -> None:
        findings.append(Finding(code, severity, draft.language, message, line))

    try:
        lines = _variables(draft)
        source, links = _compile(draft, channel)
    except TemplateBroken as broken:
        find(broken.code, broken.message, broken.line)
        return Reading(draft, None, frozenset(), False, findings)

    for name, line in sorted(lines.items(), key=lambda item: item[1]):
        if name not in BY_NAME:
            find("VARIABLE_UNKNOWN", name, line)
    if channel is Channel.EMAIL and not draft.subject.strip():
        find("SUBJECT_MISSING", "subject")
    for link in links:
        # The address of a link is ours to write: a merge value there could point anywhere.
        if "{{" in link and link.strip("{} ") not in LINKS:
            find("LINK_VARIABLE", link)
        elif "{{" not in link and not re.match(r"(?:https?://|mailto:|tel:)", link):
            find("LINK_INVALID", link)

    known = frozenset(lines) & frozenset(BY_NAME)
    if not any(finding.code == "VARIABLE_UNKNOWN" for finding in findings):
        _check_merge(source, draft.language, find)
    if template_class is TemplateClass.MARKETING:
        for code in missing_duties(channel, known, has_opt_out=_always_offers_way_out(source, channel, draft.language)):
            find(code, code)
    plain_links = [link for link in [*links, *_URL.findall(source.plain)] if "{{" not in link]
    hits = promo_hits(
        f"{source.subject}\n{source.plain}",
        variables=known,
        links=dict.fromkeys(plain_links),
        service_hosts=service_hosts,
    )
    if template_class is TemplateClass.SERVICE:
        for hit in hits:
            find("PROMO_IN_SERVICE", hit.fragment, hit.line or None)
    if purpose is Purpose.LEGAL_SAFETY:
        headline = source.subject if channel is Channel.EMAIL else source.plain.lstrip().partition("\n")[0]
        for code, fragment in recall_faults(headline, source.plain):
            find(code, fragment)
    if channel is Channel.SMS:
        _check_text(source, draft.language, template_class, find)
    findings.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    return Reading(draft, source, known, bool(hits), findings)


def read_all(
    drafts: Sequence[Draft], *, channel: Channel, template_class: TemplateClass, purpose: Purpose, public_url: str
) -> list[Reading]:
    """Read every language of a template; our own pages are the service paths of D-05."""
    hosts = frozenset({urlsplit(public_url).hostname or ""}) - {""}
    return [
        read(draft, channel=channel, template_class=template_class, service_hosts=hosts, purpose=purpose)
        for draft in drafts
    ]


_URL = re.compile(r"https?://[^\s<>\"']+")


def _variables(draft: Draft) -> dict[str, int]:
    lines = dict.fromkeys(variables_of(draft.subject), 0)
    return {**variables_of(draft.body), **lines}


def _compile(draft: Draft, channel: Channel) -> tuple[Source, list[str]]:
    if channel is not Channel.EMAIL:
        return Source(draft.subject, None, draft.body), _URL.findall(draft.body)
    html = compile_mjml(draft.body)
    plain, links = read_html(html)
    variables_of(html)
    variables_of(plain)
    return Source(draft.subject, html, plain), links


def _check_merge(source: Source, language: str, find: Callable[..., None]) -> None:
    """Warn when somebody of whom little is known would be left out, instead of greeted by default (B-24)."""
    try:
        fill(source, examples(language))
    except MergeMissing as missing:
        find("MERGE_MISSING", missing.field)
        return
    try:
        fill(source, examples(language, without_optional=True))
    except MergeMissing as missing:
        find("MERGE_MISSING", missing.field, None, Severity.WARNING)


_REPLY_STOP = re.compile(r"\b(?:rispond\w*|risposta|reply|replying)\b.{0,20}\bstop\b", re.IGNORECASE)


def _check_text(source: Source, language: str, template_class: TemplateClass, find: Callable[..., None]) -> None:
    """Warn of what makes a text dear (M-03, M-04), and of a way out that a name as the sender cannot offer (M-06)."""
    if odd := odd_characters(source.plain):
        find("SMS_UNICODE", " ".join(each.mark for each in odd), None, Severity.WARNING)
    try:
        shown = fill(source, {**examples(language), "unsubscribe_url": like_a_short_link(ANY_SITE)})
    except MergeMissing:
        return
    parts = count_parts(shown.text.strip()).number
    if parts > USUAL_PARTS:
        find(Ending.TOO_MANY_PARTS, str(parts), None, Severity.WARNING)
    if template_class is TemplateClass.MARKETING and _REPLY_STOP.search(source.plain):
        find("REPLY_NEEDS_NUMBER", "STOP", None, Severity.WARNING)


def _always_offers_way_out(source: Source, channel: Channel, language: str) -> bool:
    """Tell whether the way out stands in both parts whatever is known of the person (B-25)."""
    if channel in {Channel.POST, Channel.PHONE_OPERATOR}:
        return (
            re.search(_WAY_OUT_IN_WORDS, source.plain, re.IGNORECASE) is not None or "unsubscribe_url" in source.plain
        )
    address = str(examples(language)["unsubscribe_url"])
    seen: list[Rendered] = []
    for values in (examples(language), examples(language, without_optional=True)):
        try:
            seen.append(fill(source, values))
        except MergeMissing:
            # Nobody is sent a text that cannot be filled in.
            continue
    return bool(seen) and all(
        address in rendered.text and (rendered.html is None or f'href="{address}"' in rendered.html)
        for rendered in seen
    )


_WAY_OUT_IN_WORDS = (
    r"non (?:vuole|desidera) (?:più )?ricever|non ricevere più|opporsi|opposizione"
    r"|no longer (?:wish|want)|stop receiving|object"
)


def is_ready(readings: Sequence[Reading]) -> bool:
    """Tell whether a template may be sent: at least one language, and no error in any (B-25)."""
    return bool(readings) and all(reading.is_sendable for reading in readings)
