"""Ctrl-C, SIGTERM and SIGHUP: what they end, and that they mean afterwards what they meant before."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

KILLED = 128
"""The exit code of what a signal ended, to which the signal's number is added."""

_HANGUP = (signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()

Take: TypeAlias = Callable[[int, FrameType | None], object]
"""Takes a signal: its number, and where Python was when it came."""


class SignalError(SystemExit):
    """A signal asked wscheck to stop: ``number`` is SIGINT or SIGTERM. Python would exit by it without a traceback."""

    def __init__(self, number: int) -> None:
        super().__init__(KILLED + number)
        self.number = number


class Stop:
    """Notes the signals that ask wscheck to stop, so that what is being done can be brought to its end.

    ``number`` is SIGINT or SIGTERM once such a signal came; the loss of the terminal, SIGHUP, counts as SIGTERM. A
    second one ends the process at once.
    """

    def __init__(self, number: int | None = None) -> None:
        self.number = number
        self.cancel: Callable[[], object] = lambda: None
        """Called when the first signal comes."""

    def take(self, number: int, frame: FrameType | None) -> None:
        """Take a signal."""
        if self.number is not None:
            leave(number, frame)
        self.number = _known_as(number)
        self.cancel()


@contextmanager
def noting_signals(number: int | None = None) -> Iterator[Stop]:
    """Note signals as long as this lasts; ``number`` is one that came before.

    In another thread than the main one none comes, and none is noted.
    """
    stop = Stop(number)
    with taking_signals(stop.take):
        yield stop


@contextmanager
def taking_signals(take: Take) -> Iterator[None]:
    """Give ``take`` every signal that asks wscheck to stop. A SIGHUP that is ignored, as by nohup, stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread only, and are its business
        return
    hangup = [number for number in _HANGUP if signal.getsignal(number) is not signal.SIG_IGN]
    numbers = (signal.SIGINT, signal.SIGTERM, *hangup)
    before = {number: signal.signal(number, take) for number in numbers}
    try:
        yield
    finally:
        for number, meant in before.items():
            signal.signal(number, meant)


def break_off(number: int, _frame: FrameType | None) -> None:
    """Raise SignalError at a signal; the next one ends the process at once."""
    for each in (signal.SIGINT, signal.SIGTERM, *_HANGUP):
        if signal.getsignal(each) is break_off:
            signal.signal(each, leave)
    raise SignalError(_known_as(number))


def leave(number: int, _frame: FrameType | None) -> None:
    """End the process at once at a signal. A capture is on disk as far as it came."""
    os._exit(KILLED + _known_as(number))


def _known_as(number: int) -> int:
    return number if number == signal.SIGINT else signal.SIGTERM
