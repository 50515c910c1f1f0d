"""Records in, findings out: a contract held against a stream. Pure: no I/O, no clock, no randomness."""

from wscheck.checker.checker import MAX_OPEN, Checker
from wscheck.checker.choice import Choice
from wscheck.checker.frames import split

__all__ = ["MAX_OPEN", "Checker", "Choice", "split"]
