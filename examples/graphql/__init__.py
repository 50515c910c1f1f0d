"""A GraphQL server over WebSocket that others wrote (strawberry on uvicorn), and the scenarios to check it with.

``python -m examples.graphql`` starts it, runs the scenarios and exits as ``wscheck run`` does.
"""

from __future__ import annotations
