"""A pydantic-ai agent that speaks AG-UI over a WebSocket, and scenarios that a user interface of it plays."""
