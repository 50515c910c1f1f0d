"""The engine's mutants, as mutmut makes them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType

from mutmut.configuration import config
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from tests.mutants.mutant import Mutant


def mutated_files(root: Path) -> list[Path]:
    """The files that `[tool.mutmut]` in pyproject.toml names."""
    return sorted(path for folder in config().source_paths for path in (root / folder).rglob("*.py"))


def make_mutants(path: Path, root: Path) -> Iterator[Mutant]:
    """Yield all mutants of one file."""
    module = ".".join(path.relative_to(root).with_suffix("").parts)
    made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
    # What mutmut writes is read beside the real module, as if it were it: only functions are taken from it.
    beside = {"__name__": module}
    exec(compile(made.code, f"mutants of {path.name}", "exec", dont_inherit=True), beside)
    lines = made.code.splitlines()
    for name in made.mutant_names:
        function = _function(module, name)
        instead = beside[f"mutants_{name.rpartition('_')[0]}"][name]  # type: ignore[index]
        if function.__code__.co_freevars != instead.__code__.co_freevars:
            raise ValueError(f"{name} of {module} cannot be put in the place of its function")
        span = made.line_span_by_function_name[name]
        text = "\n".join(lines[span.start - 1 : span.end])
        yield Mutant(name=f"{module}.{name}", module=module, function=function, instead=instead, text=text)


def _function(module: str, name: str) -> FunctionType:
    """The function that a mutant is of, in the module as it was imported."""
    plain, around = orig_function_and_class_names_from_key(name)
    holder = import_module(module)
    found = vars(getattr(holder, around) if around else holder)[plain]
    found = getattr(found, "__func__", found)
    assert isinstance(found, FunctionType)
    return found
