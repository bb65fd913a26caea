"""The style of the person's own page, on screen and on paper, beside what every public page shares."""

STYLE = """
h2{font-size:21px;line-height:1.3;margin:40px 0 8px;font-weight:600}h3{font-size:18px;margin:0 0 8px;font-weight:600}
.block{border-top:1px solid var(--line);padding:20px 0}blockquote{margin:4px 0 12px;padding-left:12px;
border-left:3px solid var(--line);overflow-wrap:anywhere;white-space:pre-line}.small{color:var(--soft);font-size:15px}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;align-items:center;column-gap:8px}
legend{float:left;padding:0;min-width:7.5rem;margin-right:8px}fieldset label{display:inline-flex;align-items:center;
min-height:44px;min-width:64px;gap:8px;cursor:pointer}input[type=radio]{width:22px;height:22px;margin:0;
accent-color:var(--ink)}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.field{margin:0 0 16px}.field label,.field>.small,.field .fault{display:block}
.holders{margin-top:32px}@media(min-width:600px){.fields{display:grid;grid-template-columns:1fr 1fr;column-gap:16px;
align-items:end}}.field input,.field select{font:inherit;
width:100%;min-height:48px;padding:10px 12px;margin-top:4px;border:1px solid var(--edge);border-radius:8px;
background:var(--page);color:var(--text)}input:focus-visible,select:focus-visible{outline:2px solid var(--ring);
outline-offset:2px}.fault{color:var(--bad);font-weight:550}[aria-invalid]{border-color:var(--bad)!important;
border-width:2px!important}.told{border:1px solid var(--yes);border-radius:8px;padding:0 16px;margin-bottom:24px}
.told.bad{border-color:var(--bad);padding:16px}.told h2{margin:0;font-size:18px}
.told ul{margin:8px 0 0;padding-left:20px}
.stop{border-top:1px solid var(--line);margin-top:24px}button.no{background:transparent;color:var(--bad);
border-color:var(--bad)}.trap{position:absolute;left:-999em}.paper{display:none}:root{--bad:#A3301F}
@media(prefers-color-scheme:dark){:root{--bad:#F2A193}}
@media(max-width:400px){legend{float:none;width:100%}.row button{width:100%}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--line:#999;--edge:#555;--text:#000;--soft:#333}
@page{size:A4;margin:16mm}body{font-size:10pt;display:block}main,.card,footer{max-width:none;margin:0;padding:0;border:0}
.screen,button,input,h1{display:none!important}.paper{display:block}.small.paper{font-size:7.5pt}.title{font-size:16pt;font-weight:650;
margin:0 0 4px}.block{break-inside:avoid;
padding:8px 0}h3{font-size:11pt}blockquote{margin:2px 0 4px}.box.paper{display:inline-block;width:11pt;height:11pt;
border:1pt solid #000}fieldset label{min-height:0;margin:2px 8px 2px 0}.line{border-bottom:.6pt solid #000;
margin:26px 0 0;padding-bottom:2px}.sign{break-inside:avoid}footer{margin-top:16px;font-size:8pt}}
""".strip()
