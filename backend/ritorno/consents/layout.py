"""The sheet every public page is written on (UX §4.18): no script, readable in a text browser and at 320 px."""

from html import escape
from typing import NamedTuple

LANGUAGES = ("it", "en")


class Shop(NamedTuple):
    """Who writes; name and address stand on every page (D-06)."""

    name: str
    address: str
    email: str
    phone: str

    @property
    def contact(self) -> str:
        """Return how to reach it, in whichever way is known."""
        return self.email or self.phone or self.address or self.name


def spoken(language: str) -> str:
    """Return the language a page can be written in."""
    return language if language in LANGUAGES else "en"


_RIGHTS = {
    "it": "Per ogni domanda sui suoi dati: {contact}.",
    "en": "For any question about your data: {contact}.",
}


def page(
    shop: Shop, language: str, heading: str, body: str, *, is_done: bool = False, title: str = "", style: str = ""
) -> str:
    """Return a whole page; `body` is markup, everything else is text."""
    language = spoken(language)
    name, address = escape(shop.name), escape(shop.address)
    rights = escape(_RIGHTS[language].format(contact=shop.contact))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title or heading)} · {name}</title><style>{_STYLE}{style}</style></head>"
        f'<body><main><div class="card"><p class="shop">{name}</p>'
        f"<h1{' class=done' if is_done else ''}>{escape(heading)}</h1>{body}</div></main>"
        f"<footer><p>{name}{' · ' + address if address else ''}</p><p>{rights}</p></footer></body></html>"
    )


def note(text: str, *, kind: str = "") -> str:
    """Return a paragraph."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


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
a{color:inherit;text-underline-offset:3px}
button:focus-visible,a:focus-visible{outline:2px solid var(--ring);outline-offset:2px}
ul{padding-left:20px}
.row{display:flex;flex-wrap:wrap;gap:8px}p{margin:16px 0}.why,footer{color:var(--soft);font-size:15px}
.why{border-top:1px solid var(--line);padding-top:16px;margin-bottom:0}
footer{max-width:34rem;width:100%;margin:0 auto;padding:0 40px 32px}footer p{margin:4px 0;overflow-wrap:anywhere}
@media(max-width:400px){.card{padding:24px 16px}footer{padding:0 24px 24px}h1{font-size:24px}.row button{width:100%}}
""".strip()
