"""What a stream speaks, where that is not the contract it was held to: other versions, and dialects of none."""

from wscheck.dialect.recognise import recognise
from wscheck.dialect.speech import Speech, speak

__all__ = ["Speech", "recognise", "speak"]
