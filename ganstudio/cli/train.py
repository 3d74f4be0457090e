"""``train``: a session without a window, and what is said of it."""

import argparse
import json
import math
import signal
import sys
from typing import Any

from ganstudio.cli.exits import FAILED, INTERRUPTED
from ganstudio.cli.wanted import changed, edit, wanted
from ganstudio.experiment.edits import change
from ganstudio.progress import Progress
from ganstudio.runs import headless
from ganstudio.runs.folder import SAMPLES, check_writable
from ganstudio.runs.headless import Outcome, Plan
from ganstudio.training.script import script

DEFAULT_SECONDS = 60.0
"""How long is trained where neither the command nor the experiment says."""


def train(options: argparse.Namespace) -> int:
    """``ganstudio train``."""
    scene, experiment = wanted(options)
    experiment = changed(experiment, options)
    if scene is not None and options.steps is None:
        experiment, _ = change(experiment, "steps", scene.steps)
    edits = [edit(text) for text in options.edit]
    seconds = options.seconds or (0.0 if experiment.steps else DEFAULT_SECONDS)
    if options.out is not None:
        check_writable(options.out)
    plan = Plan(
        experiment,
        seconds=seconds,
        edits=edits,
        watch=options.watch,
        device=options.device,
        threads=options.threads,
        out=options.out,
        script=script(scene, wait=False) if scene is not None else (),
    )
    return carry_out(plan, options.json)


def carry_out(plan: Plan, as_json: bool) -> int:
    """Train, say what became of it, and answer the exit code."""
    outcome = _trained(plan)
    if as_json:
        print(json.dumps(_report(outcome)))
    elif not outcome.failure:
        print(_summary(outcome))
    if outcome.failure:
        print(f"ganstudio: {outcome.failure}", file=sys.stderr)
        return FAILED
    return INTERRUPTED if outcome.interrupted else 0


def _trained(plan: Plan) -> Outcome:
    """Train with a progress bar; a polite request to end (SIGTERM) stops and saves, like Ctrl-C."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    progress = Progress(plan.end, plan.seconds)
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        return headless.train(plan, progress)
    finally:
        signal.signal(signal.SIGTERM, before)
        progress.close()


def _report(outcome: Outcome) -> dict[str, Any]:
    """The JSON object of ``train --json``."""
    return {
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 4),
        "steps_per_s": round(_rate(outcome), 4),
        "losses": {name: value if math.isfinite(value) else None for name, value in outcome.losses.items()},
        "frames": outcome.frames,
        "weights_sha256": outcome.weights_sha256,
        "out": str(outcome.out) if outcome.out else None,
    }


def _summary(outcome: Outcome) -> str:
    more = f" more, {outcome.steps:,} in all," if outcome.began else ""
    made = f"{outcome.steps - outcome.began:,} steps{more} in {outcome.seconds:.1f} s"
    line = f"{made} ({_rate(outcome):.1f} steps/s)."
    if outcome.out is None:
        return f"{line} The run was not saved."
    picture = outcome.out / SAMPLES
    samples = f" The sample grid is {picture}." if picture.is_file() else ""
    return f"{line}{samples} The run lies in {outcome.out}."


def _rate(outcome: Outcome) -> float:
    return (outcome.steps - outcome.began) / outcome.seconds if outcome.seconds > 0 else 0.0
