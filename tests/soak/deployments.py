"""Unavailable is never reported as nonconforming: deployments by chance, each run against as a pipeline would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

from tests.end_to_end.runs import merged
from tests.soak.deploying import REVISION, Deployment, deploy, make_deployment
from tests.support.toy import write_toy
from wscheck.contract.load import load_contract
from wscheck.finding import Severity, Verdict
from wscheck.result import Outcome
from wscheck.run import Options, Ran, check_capture, run_scenario

STEPS = "{steps: [{expect: welcome}, {send: {type: say, id: x}}, {expect: turn}]}"
DUE = {"well": 0, "broken": 1, "closed": 3}
PATIENCE = 300
"""More seconds than any deployment takes, on any machine."""


async def soak_deployments(
    number: int, *, seed: int, folder: Path, longest: int = 4, refused: float = 0.3, at_once: int = 50
) -> list[str]:
    """Run against so many deployments, and return a sentence for each thing that was not as it must be.

    ``longest`` and ``refused`` are as make_deployment takes them; ``at_once`` are looked at at the same time.
    """
    turns = asyncio.Semaphore(at_once)
    with ThreadPoolExecutor(at_once) as threads:

        async def look(place: int) -> list[str]:
            async with turns:
                made = make_deployment(Random(f"{seed}/{place}"), longest=longest, refused=refused)
                what = f"deployment {place} of seed {seed} ({_describe(made)})"
                own = folder / f"deployment-{place}"
                own.mkdir()
                return [f"{what}: {wrong}" for wrong in await look_at(made, own, threads, sessions=1 + place % 2)]

        return [wrong for found in await asyncio.gather(*map(look, range(number))) for wrong in found]


async def look_at(made: Deployment, folder: Path, threads: ThreadPoolExecutor, *, sessions: int) -> list[str]:
    """Run once without patience and once with, and return what was not as it must be."""
    async with deploy(made):
        scenario = write_toy(folder, "".join(f"  {name}: {STEPS}\n" for name in ("ada", "bob")[:sessions]))
        (folder / "wscheck.toml").write_text(_configure(made))
        run = partial(asyncio.get_running_loop().run_in_executor, threads, _run, scenario)
        impatient, patient = await run(0), await run(PATIENCE)
    wrong = _judge_impatient(impatient.outcome) + _judge_patient(patient, made)
    # In a deployment that ends well, one of two sessions may have come to the end before the other did.
    if made.at_the_end > (2 * sessions - 1 if made.end == "well" else sessions):
        wrong.append(f"{made.at_the_end} connections came at the end: it was tried again after all had been seen")
    return wrong + _judge_kept(folder, patient)


def _run(scenario: Path, retry_for: float) -> Ran:
    return run_scenario(scenario, Options(environment="here", keep=scenario.parent, retry_for=retry_for))


def _judge_impatient(outcome: Outcome) -> list[str]:
    code = merged(outcome).exit_code
    wrong = [] if code in {3, 4} else [f"the first run, without patience, exits with {code}: {outcome.why}"]
    return wrong + [f"the first run finds {message}" for message in _failing(outcome)]


def _judge_patient(ran: Ran, made: Deployment) -> list[str]:
    outcome, code = ran.outcome, merged(ran.outcome).exit_code
    wrong = []
    if code != DUE[made.end]:
        wrong.append(f"the second run exits with {code}, and {DUE[made.end]} is due: {outcome.why}")
    if bool(_failing(outcome)) != (made.end == "broken"):
        wrong.append(f"the second run finds {_failing(outcome)}")
    tried = any("attempt 1" in note or "attempts 1" in note for note in outcome.notes)
    came_up = any(note.startswith("the target came up after ") for note in outcome.notes)
    if tried and made.end != "closed" and not came_up:
        wrong.append(f"the second run does not tell that the target came up: {outcome.notes}")
    return wrong


def _judge_kept(folder: Path, last: Ran) -> list[str]:
    """Return what is wrong with the captures of earlier attempts: nothing in them may fail either."""
    contract = load_contract(str(folder / "toy.yaml"))
    kept = [path for path in folder.glob("*.jsonl") if path != last.capture]
    failing = [
        path.name for path in kept if check_capture(contract, path, fail_on=Severity.WARNING).verdict is Verdict.FAIL
    ]
    return [f"of the capture {name} of an earlier attempt comes FAIL" for name in failing]


def _configure(made: Deployment) -> str:
    wanted = f'where = {{ "/status" = "healthy" }}, revision = {{ "/commit" = "{REVISION}" }}, within = 0.8'
    ready = f'ready = [{{ url = "{made.health}", {wanted} }}]\n' if made.healths is not None else ""
    return f'[env.here]\nurl = "ws://127.0.0.1:{made.port}/ws"\n{ready}'


def _failing(outcome: Outcome) -> Sequence[str]:
    return [finding.message for finding in outcome.findings if finding.verdict is Verdict.FAIL]


def _describe(made: Deployment) -> str:
    stages = ", ".join(f"{stage.kind} {stage.value:g}" if stage.value else stage.kind for stage in made.stages)
    healths = "" if made.healths is None else f"; readiness {made.healths}"
    return f"{stages}, then {made.end}{healths}"
