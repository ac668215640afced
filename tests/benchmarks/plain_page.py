"""The yardstick: aiohttp and a jinja2 template, with a loop over dicts that lie ready.

`python -m tests.benchmarks.plain_page PORT BYTES` serves a page of so many bytes at any path.
"""

import sys
from typing import Any

from aiohttp import web
from jinja2 import Environment

from tests.benchmarks.texts import TAGS, post

CARDS = 36
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<link rel="stylesheet" href="/plain.css">
</head>
<body>
<h1>{{ title }}</h1>
<ul>
{% for card in cards %}
<li><article>
<p>{{ card.text }}</p>
<p>{{ card.author }}</p>
<p><a href="{{ card.number }}">Idea {{ card.number }}</a> <time>{{ card.day }}</time></p>
<ul>{% for tag in card.tags %}<li><a href="?tag={{ tag }}">#{{ tag }}</a></li>{% endfor %}</ul>
</article></li>
{% endfor %}
</ul>
</body>
</html>
"""


def cards(padding: int = 0) -> list[dict[str, Any]]:
    """What stands on the page; *padding*: letters that texts have more, all together."""
    more, rest = divmod(padding, CARDS)
    return [
        {
            "number": number + 1,
            "text": post(number) + "x" * (more + (number < rest)),
            "author": "Rosa Reed, Prairie Elementary",
            "day": "November 27, 2026",
            "tags": [TAGS[number % 6], TAGS[(number + 1) % 6]],
        }
        for number in range(CARDS)
    ]


def make_site(size: int) -> web.Application:
    """The whole program."""
    template = Environment(autoescape=True).from_string(PAGE)
    short = len(template.render(title="Ideas", cards=cards()).encode())
    ready = cards(max(0, size - short))

    async def page(_: web.Request) -> web.Response:
        html = template.render(title="Ideas", cards=ready)
        return web.Response(text=html, content_type="text/html")

    site = web.Application()
    site.router.add_get("/{path:.*}", page)
    return site


def main() -> None:
    """Serve until stopped."""
    port, size = int(sys.argv[1]), int(sys.argv[2])
    web.run_app(make_site(size), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main()
