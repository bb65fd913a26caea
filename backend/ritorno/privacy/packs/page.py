"""The pack as a page: one file that opens anywhere, without network, and prints well."""

from html import escape
from typing import TextIO
from zoneinfo import ZoneInfo

from ritorno.kit.dates import long_date
from ritorno.privacy.packs.reading import columns_of, is_number, labels_of, rows_of, texts_of
from ritorno.privacy.packs.spooling import Book, Spooled
from ritorno.privacy.packs.words import RIGHTS, frame, section_of

MOST_ROWS = 2_000
"""More rows than anybody reads, and than a browser lays out with ease; the files hold all of them."""

_STYLE = """
:root{color-scheme:light;--text:#1F1D1A;--soft:#625E57;--line:#DDD8CF;--tint:#F5F2EC;--ink:#2F52AB}
*{box-sizing:border-box}html{scroll-behavior:smooth}
body{margin:0;background:#fff;color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:62rem;margin:0 auto;padding:0 24px}header{padding-top:40px}
.shop,.who,footer{color:var(--soft)}.shop{margin:0 0 8px;font-weight:550}.who{margin:0 0 24px}
h1{margin:0 0 4px;font-size:30px;line-height:1.2;letter-spacing:-.01em}
h2{margin:48px 0 4px;font-size:20px;line-height:1.3;scroll-margin-top:16px}h3{margin:24px 0 4px;font-size:16px}
p{margin:0 0 12px;max-width:44rem}.intro,.more{color:var(--soft)}
nav ol{columns:2;column-gap:32px;padding-left:1.4em;margin:8px 0 0}nav li{margin:0 0 4px;break-inside:avoid}
nav .count{color:var(--soft);font-variant-numeric:tabular-nums}a{color:var(--ink)}
.scroll{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:15px;line-height:1.4}
th,td{text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-bottom:1px solid var(--line);
overflow-wrap:anywhere;min-width:5rem}
thead th{font-size:13px;font-weight:600;color:var(--soft);border-bottom:1px solid var(--soft);white-space:nowrap}
tbody tr:nth-child(even){background:var(--tint)}.number{text-align:right;font-variant-numeric:tabular-nums}
.number+:not(.number){padding-left:20px}
dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:0;margin:8px 0}
dt,dd{margin:0;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}dt{color:var(--soft)}
blockquote{margin:4px 0 16px;padding:8px 16px;border-left:3px solid var(--line);white-space:pre-line;
overflow-wrap:anywhere}
footer{padding:32px 24px 48px;font-size:14px}
@media(max-width:600px){table{min-width:34rem}nav ol{columns:1}
dl{grid-template-columns:1fr}dt{border:0;padding-bottom:0}}
@media print{@page{size:A4;margin:18mm 16mm}body{font-size:10.5pt}main,header,footer{max-width:none;padding:0}
header{padding-top:0}h2{margin-top:28px;break-after:avoid}h3,.intro{break-after:avoid}
table{font-size:9pt}thead{display:table-header-group}tr,dt,dd{break-inside:avoid}.scroll{overflow:visible}
th,td{min-width:0;padding-right:8px}tbody tr:nth-child(even){background:none}a{color:inherit;text-decoration:none}}
""".strip()


def write_page(book: Book, page: TextIO) -> None:
    """Write the page, row by row."""
    language = book.reader.language
    day = long_date(book.made_at.astimezone(ZoneInfo(book.reader.zone)).date(), language)
    title = frame(book.kind, language, shop=book.shop)
    page.write(
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        f'<header><p class="shop">{escape(book.shop)}</p><h1>{escape(title)}</h1>'
        f'<p class="who">{escape(book.name)}</p>'
    )
    for sentence in lead_of(book, day):
        page.write(f"<p>{escape(sentence)}</p>")
    page.write("</header>\n<main>")
    _write_contents(book, page)
    for section in book.sections:
        _write_section(book, section, page)
    _write_rights(book, page)
    footer = frame("footer", language, shop=book.shop, day=day)
    address = f"<br>{escape(book.address)}" if book.address else ""
    page.write(f"</main>\n<footer>{escape(footer)}{address}</footer></body></html>\n")


def lead_of(book: Book, day: str) -> list[str]:
    """Return the sentences that open a pack."""
    language = book.reader.language
    copy = "copy_1" if book.copy_number == 1 else "copy"
    return [
        frame(f"lead_{book.kind}", language, shop=book.shop, day=day),
        f"{frame('more_people', language)} {frame(copy, language, number=book.copy_number)}",
    ]


def _write_contents(book: Book, page: TextIO) -> None:
    language = book.reader.language
    page.write(f"<nav><h2>{escape(frame('contents', language))}</h2><ol>")
    for section in book.sections:
        title = escape(section_of(section.code).title.in_(language))
        page.write(f'<li><a href="#{section.code}">{title}</a> <span class="count">{section.size}</span></li>')
    page.write(f'<li><a href="#rights">{escape(frame("rights", language))}</a></li></ol></nav>\n')


def _write_section(book: Book, section: Spooled, page: TextIO) -> None:
    language, words = book.reader.language, section_of(section.code)
    page.write(f'<section><h2 id="{section.code}">{escape(words.title.in_(language))}</h2>')
    if intro := words.intro.in_(language):
        page.write(f'<p class="intro">{escape(intro)}</p>')
    if not words.is_listed:
        told = frame("only_file", language, count=section.size, file=book.file_of(section))
        page.write(f'<p class="more">{escape(told)}</p></section>\n')
        return
    columns = columns_of(section)
    if words.is_prose:
        _write_prose(book, section, columns, page)
    elif section.size == 1 and len(columns) > 3:
        _write_list(book, section, columns, page)
    else:
        _write_table(book, section, columns, page)
    if section.size > MOST_ROWS:
        told = frame("more", language, shown=MOST_ROWS, count=section.size, file=book.file_of(section))
        page.write(f'<p class="more">{escape(told)}</p>')
    if texts := texts_of(book, section):
        page.write(f"<h3>{escape(frame('texts', language))}</h3>")
        for text in texts:
            page.write(f"<p><strong>{escape(text.title)}</strong></p><blockquote>{escape(text.body)}</blockquote>")
    page.write("</section>\n")


def _write_list(book: Book, section: Spooled, columns: list[str], page: TextIO) -> None:
    names = labels_of(columns, book.reader.language)
    for row in rows_of(book, section, columns, 1):
        _write_pairs(names, row, page)


def _write_prose(book: Book, section: Spooled, columns: list[str], page: TextIO) -> None:
    names = labels_of(columns, book.reader.language)
    for row in rows_of(book, section, columns, MOST_ROWS):
        page.write(f"<h3>{escape(row[0])}</h3>")
        _write_pairs(names[1:], row[1:], page)


def _write_pairs(names: list[str], row: list[str], page: TextIO) -> None:
    pairs = [(name, value) for name, value in zip(names, row, strict=True) if value]
    page.write("<dl>" + "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in pairs) + "</dl>")


def _write_table(book: Book, section: Spooled, columns: list[str], page: TextIO) -> None:
    marks = [' class="number"' if is_number(name) else "" for name in columns]
    names = labels_of(columns, book.reader.language)
    heads = "".join(f'<th scope="col"{mark}>{escape(name)}</th>' for name, mark in zip(names, marks, strict=True))
    page.write(f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>\n')
    for row in rows_of(book, section, columns, MOST_ROWS):
        cells = "".join(f"<td{mark}>{escape(value)}</td>" for value, mark in zip(row, marks, strict=True))
        page.write(f"<tr>{cells}</tr>\n")
    page.write("</tbody></table></div>")


def _write_rights(book: Book, page: TextIO) -> None:
    language = book.reader.language
    page.write(f'<section><h2 id="rights">{escape(frame("rights", language))}</h2>')
    for sentence in RIGHTS[language]:
        page.write(f"<p>{escape(sentence.format(contact=book.contact))}</p>")
    page.write("</section>")
