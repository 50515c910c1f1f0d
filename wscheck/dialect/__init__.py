"""What a stream speaks, where that is not the contract it was held to: other versions, and dialects of none."""

from wscheck.dialect.recognise import Dialect, recognise
from wscheck.dialect.speech import Speech, speak

__all__ = ["Dialect", "Speech", "recognise", "speak"]
