"""Where it is measured: a temporary folder with the captures, the schemas and the rivals, made when asked for."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import node
from benchmarks.measure import BenchmarkError, Cost, Subject, launch, launch_loop
from benchmarks.schemas import write_schemas
from benchmarks.stream import CONTRACT, Made, Wanted, write_stream

NEXT_TO_NOTHING = Wanted(events=40, sessions=1, open_runs=1)
"""The stream whose check is nearly all start-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured.

    ``plain`` are the events that jsonschema gets, ``memory`` the bytes of the large capture, ``flood`` the events of a
    live session; ``few_rounds`` are those of all but the comparison with the rivals.
    """

    events: int = 200_000
    rounds: int = 5
    plain: int = 20_000
    lengths: tuple[int, int, int] = (20_000, 200_000, 2_000_000)
    open_runs: tuple[int, int] = (10, 10_000)
    few_rounds: int = 3
    memory: int = 10**9
    flood: int = 300_000


QUICK = Sizes(
    events=20_000,
    rounds=3,
    plain=1_000,
    lengths=(10_000, 20_000, 40_000),
    open_runs=(10, 1_000),
    few_rounds=3,
    memory=50_000_000,
    flood=50_000,
)
"""A small run, to see that it runs; its figures are rough."""


@dataclass(kw_only=True)
class Workshop:
    """A folder to work in, and what was made there. What is made twice alike is made once.

    The rivals under node are installed in ``packages``, by default in the folder.
    """

    folder: Path
    sizes: Sizes
    packages: Path | None = None
    _made: dict[Wanted, Made] = field(default_factory=dict)

    @cached_property
    def schemas(self) -> Path:
        """The schemas that every rival reads."""
        return write_schemas(self.folder / "schemas.json")

    @cached_property
    def node(self) -> Path | None:
        """The folder of the rivals under node; None, and said so, where there is no node."""
        if missing := node.find_missing():
            say(f"NOTHING IS MEASURED AGAINST NODE: {missing}")
            return None
        say("installing ajv, ajv-formats and ws with npm")
        return node.install(self.packages or self.folder / "node")

    @property
    def output(self) -> Path:
        """The file for what a measured process prints."""
        return self.folder / "output"

    def make(self, wanted: Wanted) -> Made:
        """Return the capture that is ``wanted``, and the texts of its messages."""
        if wanted not in self._made:
            say(f"making a capture: {wanted}")
            name = f"stream-{len(self._made)}"
            texts = None if wanted.size else self.folder / f"{name}.texts"
            self._made[wanted] = write_stream(wanted, self.folder / f"{name}.jsonl", texts)
        return self._made[wanted]

    def drop(self, wanted: Wanted) -> None:
        """Delete a capture that nothing else needs."""
        made = self._made.pop(wanted)
        for path in (made.path, made.texts):
            if path:
                path.unlink()

    def check(self, made: Made) -> Subject:
        """Return `wscheck check` of a capture: the real command, from its start to its exit code.

        Raises BenchmarkError, when it is called, where the command did not read every record or judged otherwise.
        """
        command = [find_command(), "check", CONTRACT, str(made.path)]

        def run() -> Cost:
            cost = launch(command, self.output, due=1 if made.broken else 0)
            if f"{made.records:,} records in " not in self.output.read_text(encoding="utf-8"):
                raise BenchmarkError(f"{' '.join(command)} did not tell of {made.records:,} records")
            return cost

        return run

    def start_up(self) -> Subject:
        """Return what the command takes before it has checked anything to speak of."""
        return self.check(self.make(NEXT_TO_NOTHING))

    def loop(self, name: str, file: Path, *more: object) -> Subject:
        """Return one of the loops in Python over the lines of ``file``."""
        return self._loop([sys.executable, "-m", "benchmarks.loops", name], file, *more)

    def ajv(self, folder: Path, file: Path) -> Subject:
        """Return the loop under node."""
        return self._loop([str(shutil.which("node")), str(folder / "ajv.mjs")], file)

    def _loop(self, command: Sequence[str], file: Path, *more: object) -> Subject:
        whole = [*command, str(self.schemas), str(file), *map(str, more)]

        def run() -> Cost:
            return launch_loop(whole, self.output)

        return run


@contextmanager
def open_workshop(sizes: Sizes) -> Iterator[Workshop]:
    """Give a workshop in a temporary folder, which is removed afterwards."""
    with TemporaryDirectory(prefix="wscheck-benchmarks-") as folder:
        yield Workshop(folder=Path(folder), sizes=sizes)


def find_command() -> str:
    """Return the path of the command `wscheck` that belongs to this Python."""
    return str(Path(sys.executable).with_name("wscheck"))


def say(what: str) -> None:
    """Tell how far it is, on standard error."""
    print(f"benchmarks: {what}", file=sys.stderr, flush=True)
