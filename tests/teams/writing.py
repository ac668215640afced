"""Writes spans as Teams' editor would: the HTML of a message, and what it mentions."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any, assert_never

from bot.core.model.posts import ChannelMention, Code, Link, Mention, Span, Special, Text

BLANKS = re.compile(r"^ | $|(?<= ) ")


def as_html(body: Iterable[Span]) -> tuple[str, list[dict[str, Any]]]:
    """The HTML of a message that says this, and its mentions as an activity tells them."""
    mentions: list[dict[str, Any]] = []
    pieces: list[str] = []
    for span in body:
        match span:
            case Special(words) if words.startswith("@"):
                who = {"id": "MjQzXzE=", "name": words[1:], "type": "tag"}
                pieces.append(_mention(mentions, who, words[1:]))
            case Text(text) | Special(text):
                pieces.append(escape(text, quote=False))
            case Code(text) if text.startswith("```"):
                pieces.append(f"\0<codeblock><code>{_code(text[3:-3])}</code></codeblock>\0")
            case Code(text):
                pieces.append(f"<code>{_code(text.strip('`'))}</code>")
            case Link(url, label):
                shown = escape(label or url, quote=False)
                pieces.append(f'<a href="{escape(url)}" title="{escape(url)}">{shown}</a>')
            case Mention(ident, label) | ChannelMention(ident, label):
                place = isinstance(span, ChannelMention)
                told = f"19:{ident}@thread.tacv2" if place else f"29:{ident}"
                who = {"id": told, "name": label or ident}
                if not place:
                    who["aadObjectId"] = ident
                pieces.append(_mention(mentions, who, label or ident))
            case _ as never:
                assert_never(never)
    lines = re.split("\n?\0\n?|\n", "".join(pieces))
    return "<div>" + "".join(map(_line, lines)) + "</div>", mentions


def _mention(mentions: list[dict[str, Any]], who: dict[str, str], name: str) -> str:
    shown = escape(name, quote=False)
    mentions.append({"type": "mention", "mentioned": who, "text": f"<at>{shown}</at>"})
    schema = 'itemscope="" itemtype="http://schema.skype.com/Mention"'
    return f'<span {schema} itemid="{len(mentions) - 1}">{shown}</span>'


def _line(line: str) -> str:
    if line.startswith("<codeblock>"):
        return line
    return f"<p>{BLANKS.sub('&nbsp;', line) or '&nbsp;'}</p>\n"


def _code(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def message(body: Iterable[Span], **told: Any) -> dict[str, Any]:
    """An activity with a message that says this."""
    html, mentions = as_html(body)
    return {
        "type": "message",
        "id": "1795622400100",
        "timestamp": "2026-11-25T16:00:00.1Z",
        "channelId": "msteams",
        "serviceUrl": "https://smba.trafficmanager.net/amer/",
        "from": {"id": "29:rosa", "name": "Rosa Alvarez", "aadObjectId": "U1"},
        "recipient": {"id": "28:bot", "name": "Commonplace"},
        "conversation": {
            "id": "19:room@thread.tacv2;messageid=1795622400100",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": "tenant",
        },
        "channelData": {
            "channel": {"id": "19:room@thread.tacv2", "type": "standard"},
            "team": {"id": "19:team@thread.tacv2", "aadGroupId": "group"},
            "tenant": {"id": "tenant"},
        },
        "textFormat": "plain",
        "text": re.sub("<[^>]*>", "", html),
        "attachments": [{"contentType": "text/html", "content": html}],
        "entities": [*mentions, {"type": "clientInfo", "locale": "en-US", "platform": "Web"}],
        **told,
    }


def as_graph(activity: dict[str, Any]) -> dict[str, Any]:
    """The message of an activity as Graph tells it."""
    (html,) = (
        one["content"] for one in activity["attachments"] if one["contentType"] == "text/html"
    )
    mentions = [one for one in activity["entities"] if one["type"] == "mention"]
    sender = activity["from"]
    app = sender["id"].startswith("28:")
    who = {"id": sender["id"].removeprefix("28:"), "displayName": sender["name"]}
    return {
        "id": activity["id"],
        "replyToId": None,
        "messageType": "message",
        "createdDateTime": activity["timestamp"],
        "lastEditedDateTime": None,
        "deletedDateTime": None,
        "subject": None,
        "from": {
            "application": who if app else None,
            "device": None,
            "user": None if app else who | {"id": sender["aadObjectId"]},
        },
        "body": {
            "contentType": "html",
            "content": re.sub(
                r'<span itemscope="" itemtype="[^"]*Mention" itemid="(\d+)">(.*?)</span>',
                r'<at id="\1">\2</at>',
                html,
            ),
        },
        "attachments": [
            one for one in activity["attachments"] if one["contentType"] != "text/html"
        ],
        "mentions": [
            {"id": at, "mentionText": one["mentioned"]["name"], "mentioned": _in_graph(one)}
            for at, one in enumerate(mentions)
        ],
        "reactions": [],
    }


def _in_graph(entity: dict[str, Any]) -> dict[str, Any]:
    who = entity["mentioned"]
    shown = {"id": who.get("aadObjectId") or who["id"], "displayName": who["name"]}
    if "aadObjectId" in who:
        return {"user": shown}
    if who["id"].startswith("19:"):
        return {"conversation": shown | {"conversationIdentityType": "channel"}}
    return {"tag": shown}
