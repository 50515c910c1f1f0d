"""What the GraphQL example serves: something to ask for once, and something to listen to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import strawberry


@strawberry.type
class Query:
    """What can be asked for once."""

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        """Greet."""
        return f"Hello, {name}!"

    @strawberry.field
    def broken(self) -> str | None:
        """Fail while the result is made: the response then holds data and errors."""
        raise ValueError("the field broken is broken")


@strawberry.type
class Subscription:
    """What can be listened to."""

    @strawberry.subscription
    async def count(self, to: int, delay: float = 0.01) -> AsyncIterator[int]:
        """Count from 1 to ``to``, waiting ``delay`` seconds between two numbers."""
        for number in range(1, to + 1):
            yield number
            await asyncio.sleep(delay)

    @strawberry.subscription
    async def breaks(self, after: int) -> AsyncIterator[int]:
        """Count to ``after``, and then fail."""
        for number in range(1, after + 1):
            yield number
        raise ValueError(f"the stream broke off after {after}")


def build_schema() -> strawberry.Schema:
    """Return the schema."""
    return strawberry.Schema(query=Query, subscription=Subscription)
