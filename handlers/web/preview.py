"""A digest as a page of its own: one HTML file that needs nothing else, to look at and to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, assert_never
from urllib.parse import urlsplit

from bot.core.model.parts import (
    Actions,
    Chart,
    Divider,
    Header,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
)
from handlers.web.signs import signs

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; --paper: #fbfaf6; --ink: #1d2726; --quiet: #55605e;
  --line: #d8d5ca; --accent: #1d5b54; --card: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #151c1b; --ink: #e9ece8; --quiet: #a9b5b1; --line: #36423f;
    --accent: #8fd0c4; --card: #1c2524; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.about { color: var(--quiet); font-size: .875rem; border-bottom: 1px solid var(--line);
  padding-bottom: .75rem; margin: 0 0 1.5rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1.25rem 1.5rem; margin: 0 0 1.25rem; }
article.reply { margin-left: clamp(0rem, 4vw, 2rem); }
h1, h2, h3 { font: 700 1.1rem/1.25 Georgia, "Times New Roman", serif; margin: 1.1rem 0 .5rem; }
.title { font-size: 1.5rem; margin-top: 0; }
.reply .title { font-size: 1.25rem; }
p { margin: .35rem 0 .9rem; overflow-wrap: anywhere; white-space: pre-line; }
blockquote { margin: .5rem 0; padding-left: .9rem; border-left: 3px solid var(--line);
  white-space: pre-line; overflow-wrap: anywhere; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
code { font-family: ui-monospace, Consolas, monospace; font-size: .9em; }
.small, figure { color: var(--quiet); font-size: .875rem; }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; margin-bottom: .3rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 400; padding: .15rem .5rem .15rem 0; width: 55%; }
td { padding: .15rem 0; white-space: nowrap; }
td i { display: inline-block; height: .7rem; border-radius: .15rem; vertical-align: baseline;
  background: var(--quiet); margin-right: .4rem; print-color-adjust: exact; }
@media (max-width: 30rem) { article { padding: 1rem; } }
@page { margin: 12mm; }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --quiet: #333; --line: #999; --accent: #000; }
  html { font-size: 9pt; }
  body { line-height: 1.3; }
  main { max-width: none; padding: 0; }
  article, article.reply { border: 0; padding: 0; margin: 0 0 .75rem; columns: 2;
    column-gap: 9mm; }
  .title { column-span: all; }
  .about { margin: 0 0 .75rem; padding-bottom: .4rem; }
  h1, h2, h3, .heads { break-after: avoid; }
  h1, h2, h3 { margin: .6rem 0 .2rem; }
  p { margin: .15rem 0 .4rem; }
  hr { margin: .4rem 0; }
  p, figure { break-inside: avoid; }
}
</style>
</head>
<body>
<main>
<p class="about">{{ about }}</p>
{% for message in messages %}
<article{% if not loop.first %} class="reply"{% endif %} aria-label="{{
  "The digest" if loop.first else "Reply %d in its thread" % (loop.index - 1) }}">
{% set level = 1 if loop.first else 2 %}
{% for part in message %}
{% if part.kind == "heading" and loop.first %}
<h{{ level }} class="title">{{ part.text }}</h{{ level }}>
{% elif part.kind == "heading" %}<h{{ level + 1 }}>{{ part.text }}</h{{ level + 1 }}>
{% elif part.kind == "words" %}<p
  {%- if part.small %} class="small"{% elif part.heads %} class="heads"{% endif %}>
  {%- for run in part.runs %}{{ words(run) }}{% endfor %}</p>

{% elif part.kind == "quote" %}<blockquote>{{ part.text }}</blockquote>
{% elif part.kind == "line" %}<hr>
{% elif part.kind == "chart" %}<figure><figcaption>{{ part.title }}</figcaption><table><tbody>
{% for bar in part.bars %}<tr><th scope="row">{{ bar.label }}</th><td><i aria-hidden="true"
  style="width:{{ bar.width }}rem{% if bar.colour %};background:{{ bar.colour }}{% endif %}"></i>
{{- bar.count }}</td></tr>
{% endfor %}</tbody></table></figure>
{% endif %}
{% endfor %}
</article>
{% endfor %}
</main>
</body>
</html>
"""

_RUN: Final = """{% macro words(run) -%}
{% if run.href %}<a href="{{ run.href }}" rel="noopener noreferrer">{{ styled(run) }}</a>
{%- else %}{{ styled(run) }}{% endif %}
{%- endmacro %}
{% macro styled(run) -%}
{% if run.code %}<code>{{ run.text }}</code>{% elif run.bold %}<strong>{{ run.text }}</strong>
{%- elif run.italic %}<em>{{ run.text }}</em>{% else %}{{ run.text }}{% endif %}
{%- endmacro %}
"""

WIDEST: Final = 8.0
"""Of a bar, in the size of a letter."""


def page(messages: Sequence[Message], *, about: str) -> str:
    """A digest as HTML: its first message, then the replies in its thread.

    Args:
        about: what this page is, in a sentence.
    """
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  (30 ms, rarely needed)

    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    drawn = [[_drawn(part) for part in message.parts] for message in messages]
    title = next((p["text"] for m in drawn for p in m if p["kind"] == "heading"), "A digest")
    return made.from_string(_RUN + _PAGE).render(title=title, about=about, messages=drawn)


def _drawn(part: Part) -> dict[str, Any]:
    match part:
        case Header(text=text):
            return {"kind": "heading", "text": signs(text)}
        case Paragraph(runs=runs):
            heads = all(run.bold for run in runs if any(map(str.isalnum, run.text)))
            return {"kind": "words", "runs": _runs(runs), "small": False, "heads": heads}
        case Note(runs=runs):
            return {"kind": "words", "runs": _runs(runs), "small": True}
        case Quote(text=text):
            return {"kind": "quote", "text": signs(text)}
        case Divider():
            return {"kind": "line"}
        case Actions():  # nothing on a page of paper can be pressed
            return {"kind": ""}
        case Chart(title=title, bars=bars):
            most = max((bar.count for bar in bars), default=0) or 1
            rows = [
                {
                    "label": bar.label,
                    "count": f"{bar.count:,}",
                    "width": round(WIDEST * bar.count / most, 2),
                    "colour": bar.colour,
                }
                for bar in bars
            ]
            return {"kind": "chart", "title": title, "bars": rows}
        case _ as never:
            assert_never(never)


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [
        {
            "text": run.text if run.code else signs(run.text),
            "href": _web(run.url),
            "code": run.code,
            "bold": run.bold,
            "italic": run.italic,
        }
        for run in runs
    ]


def _web(url: str) -> str:
    """A web address; empty for anything else, which is then plain words."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""
