"""A GraphQL server on npm's graphql-ws and node, checked with the scenarios of examples/graphql and one of its own.

``python -m examples.graphql_ws_node`` installs it if need be, starts it, runs the scenarios and exits as
``wscheck run`` does.
"""

from __future__ import annotations
