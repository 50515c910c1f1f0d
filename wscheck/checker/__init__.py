"""Records in, findings out: a contract held against a stream. Pure: no I/O, no clock, no randomness."""

from wscheck.checker.checker import Checker

__all__ = ["Checker"]
