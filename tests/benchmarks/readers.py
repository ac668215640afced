"""Readers who hold a board open: `python -m tests.benchmarks.readers URL COUNT`.

It says *reading* once all of them have heard what the board shows now, and reads until it is ended.
"""

import asyncio
import sys

import aiohttp


async def read(url: str, count: int) -> None:
    """Read a board live, so many times at once."""
    waiting = count
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)

    async def one(http: aiohttp.ClientSession) -> None:
        nonlocal waiting
        async with http.get(url) as answer:
            answer.raise_for_status()
            while not (await answer.content.readline()).startswith(b"data: "):
                pass
            waiting -= 1
            if not waiting:
                print("reading", flush=True)  # noqa: T201  (to whoever started it)
            async for _ in answer.content:
                pass

    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        await asyncio.gather(*(one(http) for _ in range(count)))


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1], int(sys.argv[2])))
