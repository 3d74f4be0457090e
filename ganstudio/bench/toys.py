"""``bench toys``: whether G learns data of known density, or circles among its modes, as it should; seed by seed.

Each seed trains on the CPU until its experiment's last step, for ``SECONDS`` of wall clock at the most, with timed
edits and looks on the way included. Then the running average of G's weights (EMA, what the Samples panel shows) is
judged on 2,500 samples as in the literature (``metrics.modes``), the Jensen–Shannon divergence on 10,000. Where one
thread is best for an experiment, as it is for small networks, as many seeds train at once as there are cores, each in a
process of its own with one thread: on two cores that takes half the time.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import ceil
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from typing import Any

import torch

from ganstudio.bench.figure import Figure
from ganstudio.data.points import PointsData
from ganstudio.experiment import scenes
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, parse
from ganstudio.experiment.files import preset as shipped
from ganstudio.metrics import modes
from ganstudio.metrics.divergence import Cells
from ganstudio.progress import passing
from ganstudio.training.cores import cores
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer

SECONDS = 60.0
SEEDS = 5
JSD_SAMPLES = 10_000
LOOKS = 400
"""Looks at a run whose course is judged, evenly spread over its steps."""

Edits = Sequence[tuple[int, str, Any]]
"""(completed steps after which it acts, path, value)."""


@dataclass(frozen=True)
class Result:
    """What became of one seed."""

    steps: int
    js: float
    """JSD(p_data‖p_g) at the end, nats."""
    covered: int
    """Modes with good samples at the end."""
    good: float
    """Share of good samples at the end, 0…1."""
    present: int = 0
    """The most modes that had 1 % of the samples or more in one look, after one mode had first held most of them."""
    hops: int = 0
    """How often the mode that holds more than half of the samples was another than the last that did."""


@dataclass(frozen=True)
class Case:
    """What is trained, and when a seed counts as a success."""

    name: str
    mark: str
    """What a seed must reach, in words."""
    reached: Callable[[Result], bool]
    share: float
    """Of the seeds that must reach it."""
    medians: dict[str, str]
    """Numbers of ``Result`` that are reported → their names for people."""
    scene: bool = False
    """Whether it is a scene, whose course is judged; else a preset, judged at its end."""

    def load(self) -> tuple[Experiment, Edits]:
        """The experiment and its timed edits. Raises ``StudioError`` when there is none of this name."""
        if not self.scene:
            return shipped(self.name), ()
        scene, _ = scenes.find(self.name)
        return change(scene.experiment(), "steps", scene.steps)[0], scene.edits()


COVERAGE = {"covered": "modes covered", "good": "share of good samples"}
CASES = (
    Case("figure-1", "JSD ≤ 0.01 nat", lambda one: one.js <= 0.01, 1.0, {"js": "JSD, nat"}),
    Case(
        "ring-8",
        "8 modes and ≥ 95 % good samples",
        lambda one: one.covered >= 8 and one.good >= 0.95,
        0.8,
        COVERAGE,
    ),
    Case(
        "grid-25",
        "≥ 24 modes and ≥ 80 % good samples",
        lambda one: one.covered >= 24 and one.good >= 0.8,
        0.6,
        COVERAGE,
    ),
    Case(
        "helvetica",
        "at most 2 modes present and ≥ 3 hops",
        lambda one: one.present <= 2 and one.hops >= 3,
        1.0,
        {"present": "most modes present", "hops": "hops"},
        scene=True,
    ),
)


def measure(preset: str | None, seeds: int = SEEDS) -> list[Figure]:
    """All of ``CASES``, or that of this name, for the seeds 1 … ``seeds``."""
    chosen = [case for case in CASES if preset in (None, case.name)]
    if not chosen:
        raise StudioError(f"bench toys measures {', '.join(case.name for case in CASES)} only", "--preset")
    loaded = [(case, *case.load()) for case in chosen]
    return [
        figure
        for case, experiment, edits in loaded
        for figure in figures(case, results(case, experiment, edits, range(1, seeds + 1)))
    ]


def figures(case: Case, found: list[Result]) -> list[Figure]:
    """How many seeds reached the mark, and the medians."""
    reached, wanted = sum(map(case.reached, found)), ceil(case.share * len(found) - 1e-9)
    return [
        Figure(f"{case.name}: seeds of {len(found)} that reach {case.mark}", reached, "≥", wanted),
        *(
            Figure(f"{case.name}: {title}, median", median(getattr(one, name) for one in found))
            for name, title in case.medians.items()
        ),
        Figure(f"{case.name}: steps, median", median(one.steps for one in found)),
    ]


def results(case: Case, experiment: Experiment, edits: Edits, seeds: Sequence[int]) -> list[Result]:
    """Train every seed, several at once where one thread is best."""
    threads = threads_for(experiment, Trainer(experiment))
    at_once = min(len(seeds), cores()) if threads == 1 else 1
    passing(f"{case.name}: {len(seeds)} seeds, {at_once} at once, at most {SECONDS:g} s each")
    work = [(experiment.model_dump(), list(edits), seed, threads, SECONDS, case.scene) for seed in seeds]
    if at_once == 1:
        found = [trained(*one) for one in work]
    else:
        # Processes of their own, begun afresh: threads of one process would share Python's lock.
        with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
            found = list(pool.map(trained, *zip(*work, strict=True)))
    passing("")
    return found


def trained(
    values: dict[str, Any], edits: Edits, seed: int, threads: int, seconds: float = SECONDS, watched: bool = False
) -> Result:
    """Train an experiment, given as plain values, and judge it; ``watched`` follows its course too.

    Raises ``StudioError`` for an edit that cannot be made, or data whose density is not known.
    """
    trainer = Trainer(change(parse(values), "seed", seed)[0])
    if not isinstance(trainer.data, PointsData):
        raise StudioError("bench toys measures data of known density only", "data.kind")
    torch.set_num_threads(threads)
    course, every = Course(), max(1, trainer.experiment.steps // LOOKS)
    waiting = sorted(edits, key=lambda edit: edit[0])
    start = perf_counter()
    while perf_counter() - start < seconds:
        while waiting and waiting[0][0] <= trainer.steps:
            _, path, value = waiting.pop(0)
            trainer.edit(path, value)
        if watched and trainer.steps % every == 0:
            course.look(score(trainer))
        if trainer.steps >= trainer.experiment.steps > 0:
            break
        trainer.step()
    end, density = score(trainer), trainer.data.density
    js = Cells(density).compare(samples(trainer, JSD_SAMPLES).double().numpy()).js
    return Result(trainer.steps, js, end.covered, end.good, course.present, course.hops)


class Course:
    """Which mode G sits on, look by look. It begins when one mode first holds more than half of the samples."""

    def __init__(self) -> None:
        self.present = self.hops = 0
        self._on: int | None = None

    def look(self, found: modes.ModeScore) -> None:
        """Take in one look, later than those before."""
        if found.dominant is not None:
            self.hops += self._on not in (None, found.dominant)
            self._on = found.dominant
        if self._on is not None:
            self.present = max(self.present, found.present)


def score(trainer: Trainer) -> modes.ModeScore:
    """The modes that the running average of G serves now."""
    return modes.judge(trainer.data.density, samples(trainer, modes.SAMPLES).double().numpy())


@torch.no_grad()
def samples(trainer: Trainer, count: int) -> torch.Tensor:
    """(count, dim) samples of G's running average, their z from a generator of its own: the same ones each time."""
    z = trainer.noise.draw(count, torch.Generator().manual_seed(0))
    return torch.cat([trainer.average.network(part) for part in z.split(modes.SAMPLES)])
