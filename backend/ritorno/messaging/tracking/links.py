"""The web links of a text: found once for each version, and turned into places where a measured address can stand.

Only an address that is written out and begins with `https://` is one. What we write ourselves into a mail, such as the
way out or the person's own page, comes from a variable, so it is never among them (E-22).
"""

import re
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape

from ritorno.messaging.rendering import Rendered, Source
from ritorno.messaging.tracking.tokens import MOST_LINKS

_ADDRESS = r"""https://[^\s<>"'{}]++(?!\{[{%])"""
_IN_HTML = re.compile(rf"""(<a\b[^>]*?\shref=)(["'])\s*({_ADDRESS})\s*\2""", re.IGNORECASE)
_IN_TEXT = re.compile(rf"\{{\{{.*?\}}\}}|\{{%.*?%\}}|({_ADDRESS})", re.DOTALL)
_AFTER = ".,;:!?)]»”’"
"""What ends a sentence after an address is no part of it."""


def urls_of(source: Source) -> list[str]:
    """Return each web address a person could follow from this text, in order, once."""
    found = [unescape(match[3]) for match in _IN_HTML.finditer(source.html or "")]
    found += [match[1].rstrip(_AFTER) for match in _IN_TEXT.finditer(source.plain) if match[1]]
    return list(dict.fromkeys(found))[:MOST_LINKS]


@lru_cache(maxsize=128)
def with_places(source: Source, urls: tuple[str, ...]) -> Source:
    """Return the same text with `{{ measured[n] }}` where its n-th link stood."""
    places = {url: f"{{{{ measured[{index}] }}}}" for index, url in enumerate(urls)}

    def in_html(match: re.Match[str]) -> str:
        place = places.get(unescape(match[3]))
        return match[0] if place is None else f"{match[1]}{match[2]}{place}{match[2]}"

    def in_text(match: re.Match[str]) -> str:
        address = (match[1] or "").rstrip(_AFTER)
        return places[address] + match[1][len(address) :] if address in places else match[0]

    html = None if source.html is None else _IN_HTML.sub(in_html, source.html)
    return replace(source, html=html, plain=_IN_TEXT.sub(in_text, source.plain))


_PICTURE = '<img src="{address}" width="1" height="1" alt="" style="display:block;border:0">'
_A_PICTURE = re.compile(r'<img src="[^"]*/o/[\w-]{36}\.gif" width="1"[^>]*>')


def with_picture(rendered: Rendered, address: str) -> Rendered:
    """Return the mail with a picture of one point at its end, which tells that it was opened."""
    if rendered.html is None:
        return rendered
    head, body, tail = rendered.html.rpartition("</body>")
    picture = _PICTURE.format(address=escape(address))
    html = f"{head}{picture}{body}{tail}" if body else f"{rendered.html}{picture}"
    return Rendered(rendered.subject, html, rendered.text)


def without_picture(html: str) -> str:
    """Return a mail as staff may look at it: their looking is not the person's."""
    return _A_PICTURE.sub("", html)
