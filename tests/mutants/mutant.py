"""One mutant: a function that was changed in one place."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from types import FunctionType


@dataclass(frozen=True, kw_only=True, eq=False)
class Mutant:
    """One change to one function. ``name`` is mutmut's; ``instead`` the changed function, ``text`` what it reads."""

    name: str
    module: str
    function: FunctionType
    instead: FunctionType
    text: str

    def put_in_place(self) -> None:
        """Let the function do from now on, in this process, what the changed one does."""
        self.function.__code__ = self.instead.__code__
        self.function.__defaults__ = self.instead.__defaults__
        self.function.__kwdefaults__ = self.instead.__kwdefaults__

    def difference(self) -> str:
        """What was changed, as `diff` writes it, under the mutant's name."""
        lines, changed = (_without_decorators(text) for text in (self._original(), self.text))
        told = unified_diff(lines, [lines[0], *changed[1:]] if lines else changed, n=1, lineterm="")
        return "\n".join([f"## {self.name}", *list(told)[2:], ""])

    def _original(self) -> str:
        code = self.function.__code__
        source = Path(code.co_filename).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                if first == code.co_firstlineno:
                    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
        return ""


def _without_decorators(text: str) -> list[str]:
    return [line for line in text.strip("\n").splitlines() if not line.lstrip().startswith("@")]
