"""Records in, findings out: a contract held against a stream. Pure: no I/O, no clock, no randomness."""

from wscheck.checker.checker import Checker
from wscheck.checker.choice import Choice
from wscheck.checker.frames import split

__all__ = ["Checker", "Choice", "split"]
