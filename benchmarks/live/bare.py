"""A client that does nothing: `python -m benchmarks.live.bare URL` prints how many messages came."""

from __future__ import annotations

import asyncio
import json
import sys

from websockets.asyncio.client import connect


async def main(url: str) -> None:
    """Take in all that comes."""
    messages = 0
    async with connect(url, proxy=None) as connection:
        async for _ in connection:
            messages += 1
    print(json.dumps({"messages": messages}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
