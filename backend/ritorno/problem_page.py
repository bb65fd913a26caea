"""The list of refusals as a page: where the `type` of every problem points (RFC 9457)."""

import re
from html import escape
from pathlib import Path

_STYLE = """
:root{color-scheme:light dark}
body{max-width:42rem;margin:48px auto;padding:0 16px;font:17px/1.5 system-ui,sans-serif}
h2{margin:40px 0 8px;font-size:18px}h2:target{background:Highlight;color:HighlightText}
code{font-size:.95em}h2 a{color:inherit;text-decoration:none}
""".strip()


def read_problem_page(source: Path) -> str:
    """Return docs/problems.md as one HTML page whose headings are the anchors that problems name."""
    blocks = [_block(block.replace("\n", " ")) for block in source.read_text().replace("`\n", "`\n\n").split("\n\n")]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ritorno · Refusals</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{''.join(blocks)}</body></html>"
    )


def _block(text: str) -> str:
    text = text.strip()
    if found := re.fullmatch(r"### `([a-z0-9-]+)`", text):
        return f'<h2 id="{found[1]}"><a href="#{found[1]}"><code>{found[1]}</code></a></h2>'
    if text.startswith("# "):
        return f"<h1>{_inline(text[2:])}</h1>"
    return f"<p>{_inline(text)}</p>" if text else ""


def _inline(text: str) -> str:
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", marked)
