"""The load: signed events at a fixed concurrency, from a process of its own.

`python -m tests.benchmarks.load PORT CONCURRENCY FIRST COUNT` signs all requests beforehand, sends
them over CONCURRENCY connections, each waiting for its answer before the next, and prints the
seconds this took and how many were acknowledged.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

from slack_sdk.signature import SignatureVerifier

from tests.benchmarks.slack import BOT, CHANNELS, SECRET, TEAM
from tests.benchmarks.texts import post

BEGAN = 1_764_086_400
"""When the first post was made, in seconds since 1970."""

MEMBERS = 200


def body_of(number: int) -> str:
    """The envelope of the message *number*, in the shape that Slack documents."""
    text, channel = post(number), CHANNELS[number % len(CHANNELS)]
    ts = f"{BEGAN + number}.000100"
    words = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [words]}
    blocks = [{"type": "rich_text", "block_id": f"b{number}", "elements": [section]}]
    event = {
        "user": f"U0MEMBER{number % MEMBERS:03d}",
        "type": "message",
        "ts": ts,
        "client_msg_id": f"0b7c2c8e-1b1a-4e0e-9a55-{number:012d}",
        "text": text,
        "team": TEAM,
        "blocks": blocks,
        "channel": channel,
        "event_ts": ts,
        "channel_type": "channel",
    }
    us = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT["user_id"], "is_bot": True}
    return json.dumps(
        {
            "token": "XXYYZZ",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": "A0BENCH",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:09d}",
            "event_time": BEGAN + number,
            "authorizations": [{**us, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
        }
    )


def requests(first: int, count: int, port: int) -> Iterator[bytes]:
    """Signed requests as they go over the wire."""
    signer = SignatureVerifier(SECRET)
    stamp = str(int(time.time()))
    for number in range(first, first + count):
        body = body_of(number)
        signature = signer.generate_signature(timestamp=stamp, body=body)
        yield (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "User-Agent: Slackbot 1.0\r\nAccept: */*\r\nContent-Type: application/json\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: {signature}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Sender(asyncio.Protocol):
    """One connection: sends a request, waits for the answer, sends the next.

    Args:
        waiting: what all connections take their requests from.
    """

    def __init__(self, waiting: Iterator[bytes]) -> None:
        self.waiting = waiting
        self.acknowledged = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self) -> None:
        request = next(self.waiting, None)
        if request is None:
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, end, body = self._seen.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._seen = b""
        self.acknowledged += head.startswith(b"HTTP/1.1 200 ")
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio gives it)
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def fire(port: int, concurrency: int, signed: list[bytes]) -> tuple[float, int]:
    """Send everything; returns the seconds it took and how many were acknowledged."""
    loop = asyncio.get_running_loop()
    waiting = iter(signed)
    senders: list[Sender] = []
    for _ in range(concurrency):
        _, sender = await loop.create_connection(lambda: Sender(waiting), "127.0.0.1", port)
        senders.append(sender)
    began = time.perf_counter()
    for sender in senders:
        sender.send()
    for sender in senders:
        await sender.done
    return time.perf_counter() - began, sum(sender.acknowledged for sender in senders)


def main() -> None:
    """Fire, and say how it went."""
    port, concurrency, first, count = map(int, sys.argv[1:])
    signed = list(requests(first, count, port))
    seconds, acknowledged = asyncio.run(fire(port, concurrency, signed))
    print(json.dumps({"seconds": seconds, "acknowledged": acknowledged}))  # noqa: T201


if __name__ == "__main__":
    main()
