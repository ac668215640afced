"""The other side of a soak: a small Slack whose members never rest and that fails all the time.

Run as a process of its own. It prints one line of JSON with its address and tokens, acts until it
reads `rest` on standard input, and then writes what it holds to a file, each time it reads `hold`.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member, Message, SlackError
from handlers.slack.manifest import manifest
from tests.slack import Slack

METHODS = (
    "reactions.add",
    "reactions.remove",
    "chat.getPermalink",
    "users.info",
    "conversations.info",
    "conversations.history",
    "conversations.replies",
    "reactions.get",
    "chat.postEphemeral",
    "apps.connections.open",
    "auth.test",
)
TAGS = ("mentoring", "makerspace", "reading", "advocacy")
EMOJI = ("heart", "tada", "raised_hands", "eyes")
PATIENCE = Timing(ack=3.0, retries=(0.0, 2.0, 8.0), hold=20.0)
"""Slack's own pauses are a minute and five; the run is short, so these are too."""
MOST_DEAF = 6
"""Half seconds whose events nobody ever hears of. Where more than five posts vanish unheard from a
channel the bot believes no deletion at all, and that is meant."""


@dataclass(slots=True)
class Crowd:
    """Members who post, edit, delete, reply and react at a given pace."""

    slack: Slack
    dice: Random
    people: list[Member]
    channels: list[Channel]
    posts: list[Message] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    talk: list[Message] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    serial: int = 0

    async def act(self, per_second: float, rest: asyncio.Event) -> None:
        """Do one thing after the other until told to rest."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        ways: list[tuple[Callable[[], bool], int]] = [
            (self.post, 34),
            (self.edit, 16),
            (self.reply, 16),
            (self.react, 12),
            (self.unreact, 6),
            (self.delete, 4),
            (self.delete_reply, 2),
            (self.small_talk, 4),
            (self.mark, 2),
            (self.unmark, 1),
            (self.cross, 2),
            (self.uncross, 1),
            (self.mark_reply, 2),
            (self.unmark_reply, 1),
        ]
        verbs, weights = zip(*ways, strict=True)
        while not rest.is_set():
            (verb,) = self.dice.choices(verbs, weights)
            with suppress(SlackError):
                if verb():
                    self.done[verb.__name__] += 1
            due = began + sum(self.done.values()) / per_second
            await asyncio.sleep(max(0.0, due - loop.time()))

    def words(self) -> str:
        self.serial += 1
        return (
            f"Idea {self.serial}: we planned a unit with the science team, taught it together in "
            f"the library, and shared what students made #{self.dice.choice(TAGS)}"
        )

    def post(self) -> bool:
        who, where = self.dice.choice(self.people), self.dice.choice(self.channels)
        self.posts.append(self.slack.post(who, where, self.words()))
        return True

    def small_talk(self) -> bool:
        who, where = self.dice.choice(self.people), self.dice.choice(self.channels)
        self.serial += 1
        self.talk.append(self.slack.post(who, where, f"Good morning {self.serial}"))
        return True

    def recent(self, things: list[Message]) -> Message | None:
        return self.dice.choice(things[-200:]) if things else None

    def edit(self) -> bool:
        message = self.recent(self.posts)
        if message is not None:
            self.slack.edit(message, self.words())
        return message is not None

    def reply(self) -> bool:
        message = self.recent(self.posts)
        if message is not None:
            self.serial += 1
            words = f"Same here {self.serial}"
            reply = self.slack.reply(self.dice.choice(self.people), message, words)
            self.replies.append(reply)
        return message is not None

    def react(self) -> bool:
        message = self.recent(self.posts)
        if message is not None:
            name = self.dice.choice(EMOJI)
            self.slack.react(self.dice.choice(self.people), message, name)
        return message is not None

    def unreact(self) -> bool:
        message = self.recent(self.posts)
        if message is None:
            return False
        for name in EMOJI:
            for who in [w for w in message.reactions.get(name, ()) if w != self.slack.bot.id]:
                self.slack.unreact(who, message, name)
                return True
        return False

    def delete(self) -> bool:
        message = self.recent(self.posts)
        if message is None:
            return False
        self.slack.delete(message)
        self.posts.remove(message)
        self.gone.append((message.channel, message.ts))
        return True

    def delete_reply(self) -> bool:
        message = self.recent(self.replies)
        if message is None:
            return False
        self.replies.remove(message)
        self.slack.delete(message)
        self.gone.append((message.channel, message.ts))
        return True

    def mark(self) -> bool:
        return self.mark_one_of(self.talk)

    def mark_reply(self) -> bool:
        return self.mark_one_of(self.replies)

    def mark_one_of(self, things: list[Message]) -> bool:
        message = self.recent(things)
        others = [one for one in self.people if message is not None and one.id != message.user]
        if message is not None:
            self.slack.react(self.dice.choice(others), message, "bulb")
        return message is not None

    def unmark(self) -> bool:
        return self.unmark_one_of(self.talk)

    def unmark_reply(self) -> bool:
        marked = [one for one in self.replies if one.reactions.get("bulb")]
        return self.unmark_one_of(marked)

    def unmark_one_of(self, things: list[Message]) -> bool:
        message = self.recent(things)
        marked = list(message.reactions.get("bulb", ())) if message is not None else []
        who = next((one for one in marked if one != self.slack.bot.id), None)
        if message is None or who is None:
            return False
        self.slack.unreact(who, message, "bulb")
        return True

    def cross(self) -> bool:
        message = self.recent(self.posts)
        if message is not None:
            self.slack.react(message.user, message, "x")
        return message is not None

    def uncross(self) -> bool:
        crossed = [one for one in self.posts[-200:] if one.user in one.reactions.get("x", ())]
        if not crossed:
            return False
        message = self.dice.choice(crossed)
        self.slack.unreact(message.user, message, "x")
        return True


async def strike(slack: Slack, dice: Random, struck: Counter[str], rest: asyncio.Event) -> None:
    """One fault after the other, of every kind, until told to rest."""
    faults, sockets = slack.faults, slack.sockets
    ways: list[tuple[str, Callable[[str], object]]] = [
        ("rate limit", lambda method: faults.rate_limit(method, retry_after=1)),
        ("http 500", faults.crash),
        ("lost answer", faults.lose_answer),
        ("refusal", lambda method: faults.refuse(method, "internal_error")),
        ("lost acknowledgements", lambda _: faults.ignore_acks(times=3)),
        ("repeated event", lambda _: faults.repeat_events(dice.randint(2, 4))),
        ("swapped events", lambda _: faults.swap_events()),
        ("partial reactions", lambda _: faults.partial_reactions(keep=1, times=20)),
    ]
    while not rest.is_set():
        await asyncio.sleep(dice.uniform(0.2, 1.0))
        if sockets.usable and dice.random() < 0.15:
            struck["renewed socket"] += 1
            await sockets.refresh(dice.choice(sockets.usable))
        elif dice.random() < 0.03:
            struck["closed sockets"] += 1
            await sockets.close()
        elif dice.random() < 0.06 and struck["deaf half seconds"] < MOST_DEAF:
            struck["deaf half seconds"] += 1
            await deafen(slack)
        else:
            name, way = dice.choice(ways)
            struck[name] += 1
            way(dice.choice(METHODS))


async def deafen(slack: Slack) -> None:
    """For half a second no socket can be had, and what happens is never told."""
    slack.timing = Timing(ack=0.2, retries=(), hold=0.0)
    slack.faults.refuse("apps.connections.open", "internal_error")
    await slack.sockets.close()
    await asyncio.sleep(0.5)
    slack.timing = PATIENCE


def hold(slack: Slack, crowd: Crowd, struck: Counter[str]) -> dict[str, Any]:
    """What stands in the channels now, and what happened on the way."""
    bot = slack.bot.id
    posts = []
    for channel in crowd.channels:
        messages = slack.messages(channel)
        replies = Counter(m.root for m in messages if m.root != m.ts and m.user != bot)
        for message in messages:
            if message.user == bot or message.subtype:
                continue
            people = {w for users in message.reactions.values() for w in users if w != bot}
            posts.append(
                {
                    "channel": channel.id,
                    "ts": message.ts,
                    "text": message.text,
                    "author": slack.workspace.members[message.user].display_name,
                    "edited": message.edited is not None,
                    "replies": replies[message.ts],
                    "reactions": len(people),
                    "crossed": message.user in message.reactions.get("x", ()),
                    "marked": any(w != bot for w in message.reactions.get("bulb", ())),
                    "mark": bot in message.reactions.get("bulb", ()),
                    "reply": message.root != message.ts,
                }
            )
    return {
        "posts": posts,
        "gone": crowd.gone,
        "done": crowd.done,
        "struck": struck,
        "lost": len(slack.delivery.lost),
        "calls": Counter(one.method for one in slack.calls),
    }


def write(target: Path, held: dict[str, Any]) -> None:
    target.write_text(json.dumps(held))


async def serve(target: Path, per_second: float, seed: int) -> None:
    """Everything; see the module's docstring."""
    slack = Slack(manifest(), lambda: datetime.now(UTC))
    slack.timing = PATIENCE
    people = [slack.add_user(f"m{n}", display_name=f"Member {n}") for n in range(1, 13)]
    channels = [slack.add_channel(f"room-{n}", people, bot=True) for n in range(1, 5)]
    crowd = Crowd(slack, Random(seed), people, channels)  # noqa: S311  (chance, not secrets)
    struck: Counter[str] = Counter()
    rest = asyncio.Event()
    async with slack.serving():
        tokens = {
            "api_url": slack.api_url,
            "bot_token": slack.bot_token,
            "app_token": slack.app_token,
        }
        print(json.dumps(tokens), flush=True)  # noqa: T201
        await slack.connected()
        trouble = asyncio.create_task(strike(slack, Random(seed + 1), struck, rest))  # noqa: S311
        acting = asyncio.create_task(crowd.act(per_second, rest))
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            if line == "rest":
                rest.set()
                await acting
                await trouble
                slack.faults.clear()
                crowd.small_talk()  # an event that was held back goes out behind the next one
                await slack.settled(within=120)
            else:
                write(target, hold(slack, crowd, struck))
            print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
