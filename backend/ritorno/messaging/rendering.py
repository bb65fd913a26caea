"""From a template to words: sandboxed Liquid over MJML compiled once (S-17, B-24, E-19).

Merge values are only ever data: the template is parsed before they are seen, HTML escapes them, and nothing parses the
result again.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

from liquid import BoundTemplate, Environment, Mode
from liquid.exceptions import LiquidError, UndefinedError
from liquid.undefined import FalsyStrictUndefined
from mjml import mjml2html

from ritorno.messaging.rules import header_line
from ritorno.messaging.variables import Values

TAGS = frozenset({"if", "unless", "case", "assign", "comment", "#"})
FILTERS = frozenset({
    "append", "at_least", "at_most", "capitalize", "ceil", "default", "divided_by", "downcase", "escape", "floor",
    "lstrip", "minus", "modulo", "plus", "prepend", "remove", "replace", "round", "rstrip", "size", "slice",
    "strip", "times", "truncate", "truncatewords", "upcase", "url_encode",
})  # fmt: skip
_STRUCTURE = frozenset({"content", "output", "illegal"})


class _Liquid(Environment):
    """Liquid with limits, without files, loops or filters that undo escaping."""

    block_nesting_limit = 10
    context_depth_limit = 10
    loop_iteration_limit = 100
    local_namespace_limit = 20_000
    output_stream_limit = 500_000


def _environment(*, autoescape: bool) -> Environment:
    environment = _Liquid(autoescape=autoescape, undefined=FalsyStrictUndefined, tolerance=Mode.STRICT)
    for tag in set(environment.tags) - TAGS - _STRUCTURE:
        del environment.tags[tag]
    for name in set(environment.filters) - FILTERS:
        del environment.filters[name]
    return environment


_HTML = _environment(autoescape=True)
_PLAIN = _environment(autoescape=False)


class MergeMissing(Exception):
    """A value the text uses is missing and no default stands in for it (B-24)."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class TemplateBroken(Exception):
    """The text cannot be read; `line` counts from one in what its author typed."""

    def __init__(self, code: str, message: str, line: int | None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Source:
    """One language of a template, compiled: what is stored."""

    subject: str
    html: str | None
    plain: str

    def mentions(self, name: str) -> bool:
        """Tell whether a person would read the value of this name."""
        return name in self.plain


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one person reads."""

    subject: str
    html: str | None
    text: str


# ── filling in ────────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=512)
def _parse(text: str, autoescape: bool) -> BoundTemplate:
    return (_HTML if autoescape else _PLAIN).from_string(text)


def fill(source: Source, values: Values) -> Rendered:
    """Return the message for one person; MergeMissing names the first value that has neither content nor default."""
    try:
        subject = header_line(_parse(source.subject, False).render(**values))
        text = _tidy(_parse(source.plain, False).render(**values))
        html = None if source.html is None else str(_parse(source.html, True).render(**values))
    except UndefinedError as missing:
        raise MergeMissing(_field_of(missing)) from None
    except LiquidError as error:
        raise TemplateBroken("LIQUID_INVALID", _sentence(error), None) from None
    return Rendered(subject, html, text)


def add_link(rendered: Rendered, words: str, address: str) -> Rendered:
    """Return a mail with one more link at its very end, for a text whose author left it out."""
    html = rendered.html
    if html is not None:
        line = f'<p style="{_SMALL}"><a href="{escape(address)}" style="color:#57534b">{escape(words)}</a></p>'
        head, body, tail = html.rpartition("</body>")
        html = f"{head}{line}{body}{tail}" if body else f"{html}{line}"
    return Rendered(rendered.subject, html, f"{rendered.text}\n{words}: {address}\n")


_SMALL = "margin:16px;text-align:center;font:13px/20px Helvetica,Arial,sans-serif"


def fill_subject(subject: str, values: Values) -> str | None:
    """Return the subject alone, or None when a value it needs is gone."""
    try:
        return header_line(_parse(subject, False).render(**values))
    except LiquidError:
        return None


def _field_of(missing: UndefinedError) -> str:
    found = re.match(r"'?([\w.]+)'? is undefined", str(missing.args[0]) if missing.args else "")
    return found.group(1) if found else "?"


_BLANKS = re.compile(r"[ \t]+\n")
_GAPS = re.compile(r"\n{3,}")


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", _BLANKS.sub("\n", text)).strip() + "\n"


# ── reading what the author typed ─────────────────────────────────────────────────────────────────────────────────────


def variables_of(text: str) -> dict[str, int]:
    """Return every variable a text reads with its first line; TemplateBroken when it is not valid Liquid."""
    try:
        analysis = _parse(text, False).analyze(include_partials=False)
    except LiquidError as error:
        raise TemplateBroken("LIQUID_INVALID", _sentence(error), _line(error, text)) from None
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            raise TemplateBroken("FILTER_UNKNOWN", name, text.count("\n", 0, spans[0].index) + 1)
    found: dict[str, int] = {}
    for uses in analysis.globals.values():
        for use in uses:
            name = ".".join(str(segment) for segment in use.segments)
            line = text.count("\n", 0, use.span.index) + 1
            found[name] = min(line, found.get(name, line))
    return found


def _sentence(error: LiquidError) -> str:
    return str(error.args[0]) if error.args else type(error).__name__


def _line(error: LiquidError, text: str) -> int | None:
    start = getattr(error.token, "start_index", -1)
    return text.count("\n", 0, start) + 1 if start >= 0 else None


_INCLUDE = re.compile(r"<\s*mj-include\b", re.IGNORECASE)
_ACTIVE = re.compile(r"<\s*(?:script|iframe|object|embed|form|link|base)\b|\bon\w+\s*=|javascript:", re.IGNORECASE)
_REMOTE_FONT = re.compile(
    r'<!--\[if !mso\]><!--><link href="https?://[^>]*>(?:<style[^>]*>@import[^<]*</style>)?<!--<!\[endif\]-->'
)
_EMPTY_TITLE = re.compile(r' aria-label=""')


def compile_mjml(body: str) -> str:
    """Return the HTML of an MJML text, its Liquid untouched; no file is read, nothing active or remote stays."""
    for pattern, code in ((_INCLUDE, "MJML_INCLUDE"), (_ACTIVE, "ACTIVE_CONTENT")):
        if found := pattern.search(body):
            raise TemplateBroken(code, found.group(0), body.count("\n", 0, found.start()) + 1)
    try:
        html = str(mjml2html(body))
    except ValueError as error:
        where = re.search(r"position (\d+)", str(error))
        raise TemplateBroken(
            "MJML_INVALID", str(error), body.count("\n", 0, int(where.group(1))) + 1 if where else None
        ) from None
    # A web font would tell a third party who opened the mail and when.
    return _EMPTY_TITLE.sub("", _REMOTE_FONT.sub("", html))


# ── the text part ─────────────────────────────────────────────────────────────────────────────────────────────────────

_BLOCKS = frozenset(
    {"p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "blockquote"}
)
_UNREAD = frozenset({"head", "style", "script", "title"})


class _Reader(HTMLParser):
    """Reads HTML as a person without pictures would; Liquid passes through as words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.links: list[str] = []
        self._words = ""
        self._unread: list[str] = []
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        hidden = "display:none" in (named.get("style") or "").replace(" ", "")
        if self._unread or tag in _UNREAD or hidden:
            if tag not in {"img", "br", "hr", "meta", "link", "input"}:
                self._unread.append(tag)
            return
        if tag == "br":
            self._end_line()
        elif tag == "hr":
            self._end_line()
            self.lines.append("----")
        elif tag == "img" and named.get("alt"):
            self._words += f" {named['alt']} "
        elif tag == "a" and named.get("href"):
            self._link = (str(named["href"]), len(self._words))
        elif tag in _BLOCKS:
            self._end_line()
            if tag == "li":
                self._words = "- "
        if style := named.get("style"):
            self._note_rule(style, tag)

    def _note_rule(self, style: str, tag: str) -> None:
        # mj-divider is a paragraph with a top border and no words.
        if tag == "p" and "border-top" in style:
            self.lines.append("----")

    def handle_endtag(self, tag: str) -> None:
        if self._unread:
            if tag in self._unread:
                del self._unread[len(self._unread) - 1 - self._unread[::-1].index(tag) :]
            return
        if tag == "a" and self._link is not None:
            (address, start), self._link = self._link, None
            self.links.append(address)
            label = " ".join(self._words[start:].split())
            if label != address:
                self._words = self._words[:start] + (f"{label}: {address}" if label else address)
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._words += data

    def _end_line(self) -> None:
        line = " ".join(self._words.split())
        self._words = ""
        if line:
            self.lines.append(line)

    def text(self) -> str:
        self._end_line()
        return "\n\n".join(self.lines)


def read_html(html: str) -> tuple[str, list[str]]:
    """Return what a text reader sees of an HTML mail, every link spelt out, and the addresses of the links."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy(reader.text()), reader.links
