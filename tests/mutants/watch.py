"""Which functions of the engine something runs through, by the lines that coverage sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FunctionType
from typing import TypeVar

from coverage import Coverage

Given = TypeVar("Given")


class Watch:
    """Watches ``functions`` while something runs, each time under a name."""

    def __init__(self, functions: Iterable[FunctionType]) -> None:
        self._functions: dict[tuple[str, int], int] = {}
        for function in functions:
            for line in _lines(function):
                self._functions[function.__code__.co_filename, line] = id(function)
        files = sorted({file for file, _ in self._functions})
        self._coverage = Coverage(data_file=None, include=files, config_file=False)

    def run(self, name: str, run: Callable[[], Given]) -> Given:
        """Run something; return what it gives."""
        self._coverage.start()
        self._coverage.switch_context(name)
        try:
            return run()
        finally:
            self._coverage.stop()

    def calls(self) -> Mapping[str, frozenset[int]]:
        """Return the ids of the functions that each ran through; none where it ran through none."""
        data = self._coverage.get_data()
        seen: dict[str, set[int]] = defaultdict(set)
        for file in data.measured_files():
            for line, names in data.contexts_by_lineno(file).items():
                if (file, line) in self._functions:
                    for name in names:
                        seen[name].add(self._functions[file, line])
        return defaultdict(frozenset, {name: frozenset(numbers) for name, numbers in seen.items()})


def _lines(function: FunctionType) -> Iterator[int]:
    """The lines of a function, and of all that stands inside it, but not those that only define it."""
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        yield from (
            line for _, _, line in code.co_lines() if line is not None and line > function.__code__.co_firstlineno
        )
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
