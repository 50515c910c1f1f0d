"""Sessions and their checks joined: the one room that knows both the wire and the checker."""

from __future__ import annotations

import asyncio
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from wscheck.auth import Handshake, Token, describe, in_header, in_subprotocol, mint_token, read_secret, read_token
from wscheck.capture import CaptureWriter, Header, read_capture
from wscheck.checker import Checker
from wscheck.contract.load import load_contract
from wscheck.contract.model import Contract
from wscheck.errors import CaptureError, UsageError
from wscheck.event import Observation
from wscheck.finding import Severity
from wscheck.record import Blocked, Cut, Opened, Record, Refused
from wscheck.redact import Redactor
from wscheck.result import Outcome
from wscheck.scenario import AuthPlan, Player, Scenario, check_names, load_scenario, prepare
from wscheck.schema import get_ready
from wscheck.version import TOOL
from wscheck.wire.address import check_handshake
from wscheck.wire.client import hold
from wscheck.wire.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How scenarios are run. What is None or empty is left to the scenario.

    ``token`` says where a ready token is read from, in place of the scenario's: {env: NAME}, {file: PATH} or {stdin:
    true}. ``capture`` is the file to be written; without it one with a name of its own is made in the folder ``keep``.
    ``follow`` is called with every record as it is kept.
    """

    url: str | None = None
    token: Mapping[str, Any] | None = None
    contracts: Sequence[Path] = ()
    capture: Path | None = None
    keep: Path = Path("wscheck-captures")
    overwrite: bool = False
    seed: int | None = None
    fail_on: Severity = Severity.ERROR
    environ: Mapping[str, str] = field(default_factory=dict)
    follow: Callable[[Record], None] = lambda _: None
    stdin: TextIO | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run came to, where its capture is, and the signal that interrupted it, if one did."""

    outcome: Outcome
    capture: Path
    interrupted: int | None = None


def check_capture(contract: Contract, path: Path, *, fail_on: Severity) -> Outcome:
    """Hold a capture file to ``contract``. Raises CaptureError where it cannot be read."""
    checker, redactor = Checker(contract), Redactor((), contract.redact)
    with read_capture(path) as capture:
        for record in capture:
            checker.observe(redactor.record(record) if contract.redact else record)
        outcome = checker.conclude(truncated=capture.truncated, exercises=capture.header.exercises, fail_on=fail_on)
    return replace(outcome, capture=str(path), notes=(*outcome.notes, *capture.notes))


def run_scenario(path: Path, options: Options) -> Ran:
    """Open the session of a scenario, play it, capture it and check it.

    Raises UsageError, SecretError, ScenarioError, ContractError or CaptureError before anything is opened.
    """
    scenario, contract, url = _load(path, options)
    seed = options.seed if options.seed is not None else uuid.uuid4().int % 2**32
    ready = _read_ready_token(scenario, options)
    subject = ready.claims.get("sub") if ready and ready.claims else None
    scenario = prepare(scenario, seed=seed, env=options.environ, identity=subject)
    get_ready()
    return _Run(scenario, contract, options, url, ready).go()


def check_scenario(path: Path, options: Options) -> None:
    """Raise what is wrong with a scenario or with its contract, as run_scenario would, without reading any secret."""
    _load(path, options)


def _load(path: Path, options: Options) -> tuple[Scenario, Contract, str]:
    scenario = load_scenario(path)
    beside = path.parent / scenario.contract
    contract = load_contract(str(beside) if beside.exists() else scenario.contract, folders=options.contracts)
    check_names(scenario, events=[event.name for event in contract.events], scopes=list(contract.scopes))
    url = options.url or scenario.url
    if url is None:
        raise UsageError(f"{scenario.file} names no url: add `url: ws://…` to it, or give --url")
    return scenario, contract, url


class _Run:
    """One scenario's run: the session on the one side, capture and checker on the other."""

    def __init__(self, scenario: Scenario, contract: Contract, options: Options, url: str, ready: Token | None) -> None:
        self._scenario = scenario
        self._options = options
        self._checker = Checker(contract)
        self._wall = time.time()
        self._start = time.monotonic()
        token = ready or _mint_token(scenario, options, now=self._wall)
        auth = scenario.session.auth
        bare = Handshake(url=url, identity=scenario.session.identity, subprotocols=_asked(contract))
        self._handshake = _put_in(bare, token, auth) if token else bare
        check_handshake(self._handshake)
        self._credentials = describe(token, self._wall) if token else None
        self._redactor = Redactor((*self._handshake.secrets, *scenario.secrets), contract.redact)
        self._player = Player(scenario.session, deadlines=scenario.deadlines, scopes=list(contract.scopes))

    def go(self) -> Ran:
        options = self._options
        path = options.capture or _fresh_path(options.keep, self._scenario.name)
        started = datetime.fromtimestamp(self._wall, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        header = Header(
            tool=TOOL,
            run=uuid.uuid4().hex,
            started=started,
            redacted=self._redactor.names,
            exercises=self._scenario.exercises,
        )
        broken: CaptureError | None = None
        interrupted = None
        with CaptureWriter(path, header, overwrite=options.overwrite) as self._writer:
            try:
                interrupted = self._hold()
                self._writer.finish()
            except CaptureError as error:
                # What could not be kept was not judged: the live verdict and that of the capture stay the same.
                broken = error
                self._checker.observe(Cut(at=self._clock(), session=self._scenario.session.name, cause="disk"))
        outcome = self._checker.conclude(exercises=self._scenario.exercises, fail_on=options.fail_on)
        if broken:
            outcome = replace(outcome, notes=(*outcome.notes, str(broken)))
        return Ran(outcome=replace(outcome, capture=str(path)), capture=path, interrupted=interrupted)

    def _hold(self) -> int | None:
        session = self._scenario.session.name
        plan = Plan(session=session, handshake=self._handshake, deadlines=self._scenario.deadlines)
        return asyncio.run(_until_interrupted(hold(plan, self._player, self._emit, self._clock)))

    def _emit(self, record: Record) -> Sequence[Observation]:
        if isinstance(record, Opened | Refused | Blocked):
            record = replace(record, credentials=self._credentials)
        record = self._redactor.record(record)
        self._writer.write(record)
        self._options.follow(record)
        return self._checker.observe(record)

    def _clock(self) -> float:
        return round(time.monotonic() - self._start, 6)


async def _until_interrupted(session: Coroutine[Any, Any, None]) -> int | None:
    """Let ``session`` go on to its end; cancel it at SIGINT or SIGTERM, and return which of them came."""
    task = asyncio.ensure_future(session)
    with _cancelled_by_signals(task) as came:
        try:
            await task
        except asyncio.CancelledError:
            if not came:
                raise
    return came[0] if came else None


@contextmanager
def _cancelled_by_signals(task: asyncio.Future[None]) -> Iterator[list[int]]:
    """Cancel ``task`` at a signal; gives the list of those that came. Afterwards they mean what they meant before."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came  # signals come to the main thread only, and are its business
        return

    def interrupt(number: int) -> None:
        came.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, interrupt, number)
    try:
        yield came
    finally:
        for number, meant in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, meant)


def _read_ready_token(scenario: Scenario, options: Options) -> Token | None:
    """Return the token that the command line names, or else the scenario; None where one is to be minted, or none."""
    auth = scenario.session.auth
    if options.token:
        return read_token(options.token, environ=options.environ, stdin=options.stdin)
    if auth is None or auth.scheme == "jwt":
        return None
    folder = Path(scenario.file).parent
    return read_token(auth.secret, environ=options.environ, stdin=options.stdin, folder=folder)


def _mint_token(scenario: Scenario, options: Options, *, now: float) -> Token | None:
    auth = scenario.session.auth
    if auth is None:
        return None
    folder = Path(scenario.file).parent
    key, source = read_secret(auth.secret, environ=options.environ, stdin=options.stdin, folder=folder)
    return mint_token(auth.claims, key=key, source=source, lifetime=auth.lifetime, now=now)


def _put_in(handshake: Handshake, token: Token, auth: AuthPlan | None) -> Handshake:
    if auth is None or auth.via == "header":
        return in_header(handshake, token)
    plan = auth.subprotocol
    return in_subprotocol(handshake, token, prefix=plan.prefix, encoding=plan.encoding, offer=plan.offer)


def _asked(contract: Contract) -> tuple[str, ...]:
    return (contract.select.subprotocol,) if contract.select.subprotocol else ()


def _fresh_path(folder: Path, name: str) -> Path:
    """Return where a capture is kept that was given no name; the folder is made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CaptureError(f"the folder {folder} for captures cannot be made: {error.strerror}") from None
    stem = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:80].lstrip(".-") or "run"
    moment = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%S.%f")
    return folder / f"{stem}-{moment}.jsonl"
