"""How many threads torch should use: measured once for a machine and an experiment's networks, then remembered.

Two threads beat one on convolutions and lose on tiny networks, and the sums of a run depend on their number: so it is
measured before a run, recorded with it, and never changed during it.
"""

import hashlib
import json
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

import platformdirs
import torch

from ganstudio.data.dataset import Progress, report
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.cores import cores
from ganstudio.training.trainer import Trainer

ROUNDS = 3
TRIAL_SECONDS = 0.03
"""Time given to each candidate number of threads in each round."""
MAKE = 2
"""Counts the ways in which this program has computed a step. What was best for one before is measured anew."""


def candidates() -> list[int]:
    """Numbers of threads worth trying here: 1, 2, 4, … and all cores."""
    powers = [2**n for n in range(16) if 2**n < cores()]
    return [*powers, cores()]


def threads_for(experiment: Experiment, trainer: Trainer, progress: Progress | None = None) -> int:
    """The best number of threads for this experiment here, from the cache or by playing a few steps with each.

    ``trainer`` gives the shapes; its own state is not touched: the trial runs on a copy of the players. ``progress``
    may end it (``Cancelled``). On CUDA it is 1: the processor only hands out work there.
    """
    if trainer.device.type != "cpu":
        return 1
    key = _key(experiment, trainer)
    cache = Path(platformdirs.user_cache_dir("ganstudio")) / "threads.json"
    known = _read(cache)
    if key in known:
        return known[key]
    best = _measure(experiment, trainer, progress)
    known[key] = best
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(known))
    except OSError:
        pass  # A read-only home costs a measurement at each start, nothing else.
    return best


def _measure(experiment: Experiment, trainer: Trainer, progress: Progress | None) -> int:
    trial = Trainer(experiment, trainer.device, name="trial", progress=progress)
    tried = candidates()
    fastest: dict[int, list[float]] = {count: [] for count in tried}
    for number, count in enumerate(tried * ROUNDS):
        report(progress, "choosing the number of threads", number / (len(tried) * ROUNDS))
        torch.set_num_threads(count)
        trial.step()
        # The fastest step counts: whatever else the machine does now and then only makes steps slower.
        fastest[count].append(min(_step_times(trial)))
    # Round by round: the speed of a machine wanders by more than what is looked for.
    alone = fastest[tried[0]]
    costs = {count: median(one / base for one, base in zip(fastest[count], alone, strict=True)) for count in tried}
    return min(costs, key=lambda count: costs[count])


def _step_times(trial: Trainer) -> list[float]:
    """Seconds of each step in one trial, two at the least."""
    times: list[float] = []
    while len(times) < 2 or sum(times) < TRIAL_SECONDS:
        start = perf_counter()
        trial.step()
        times.append(perf_counter() - start)
    return times


def _key(experiment: Experiment, trainer: Trainer) -> str:
    """Names the machine and what decides the cost of a step."""
    cost = {
        "make": MAKE,
        "machine": [platform.node(), platform.machine(), platform.processor(), cores(), torch.__version__],
        "players": {name: player.model_dump() for name, player in experiment.players.items()},
        "shape": trainer.data.shape,
        "batch": experiment.batch_size,
        "precision": experiment.precision,
    }
    return hashlib.sha256(json.dumps(cost, sort_keys=True).encode()).hexdigest()[:16]


def _read(cache: Path) -> dict[str, int]:
    try:
        known = json.loads(cache.read_text())
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in known.items() if isinstance(value, int)} if isinstance(known, dict) else {}
