"""``bench doctor``: how often the doctor is wrong about healthy runs, and how soon it is right about sick ones.

Every shipped preset is trained for a stated number of steps; whatever the doctor complains of is a false alarm. Then
come the shipped scenes that show something going wrong, and small experiments that are made to go wrong: measured are
the steps from where that begins until the doctor names it. The runs are examined every so many steps, so that the
result does not depend on the machine's speed: as often as a window does every two seconds, or more often.
"""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.bench.figure import Figure
from ganstudio.experiment import files, scenes
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, parse
from ganstudio.probes.doctor import DoctorProbe
from ganstudio.progress import passing
from ganstudio.training.cores import cores
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer

POINTS, IMAGES = (2400, 300), (800, 40)
"""Steps of a healthy run, and steps between two examinations."""
Edits = Sequence[tuple[int, str, Any]]


@dataclass(frozen=True)
class Case:
    """Something that goes wrong."""

    name: str
    make: Callable[[], tuple[Experiment, Edits]]
    right: frozenset[str]
    """Complaints that name it."""
    within: int
    """Steps from ``begins`` on in which one of them should come."""
    every: int
    """Steps between two examinations."""
    begins: int = 0
    """Where it goes wrong: nothing is expected before."""


@dataclass(frozen=True)
class Course:
    """What the doctor said in one run."""

    steps: int
    """Trained."""
    said: tuple[tuple[int, str], ...]
    """(step of the examination, complaint), each complaint when it was first said."""


def scene(name: str) -> Callable[[], tuple[Experiment, Edits]]:
    """A shipped scene with its edits."""

    def make() -> tuple[Experiment, Edits]:
        found, _ = scenes.find(name)
        return found.experiment(), found.edits()

    return make


def edited(preset: str, **edits: Any) -> Callable[[], tuple[Experiment, Edits]]:
    """A shipped preset with other values; ``__`` stands for the dots of a path."""

    def make() -> tuple[Experiment, Edits]:
        found = files.preset(preset)
        for path, value in edits.items():
            found, _ = change(found, path.replace("__", "."), value)
        return found, ()

    return make


def later(preset: str, *edits: tuple[int, str, Any], **before: Any) -> Callable[[], tuple[Experiment, Edits]]:
    """A shipped preset with other values from the start, as ``edited``, and with edits on the way."""
    make = edited(preset, **before)
    return lambda: (make()[0], edits)


def few(preset: str, count: int, **edits: Any) -> Callable[[], tuple[Experiment, Edits]]:
    """A preset on so many of MNIST's digits."""

    def make() -> tuple[Experiment, Edits]:
        folder = Path(tempfile.gettempdir()) / "ganstudio-bench"
        folder.mkdir(exist_ok=True)
        path = folder / f"digits-{count}.npy"
        np.save(path, Trainer(files.preset("mlp-mnist")).data.images[:count].numpy())
        small = {"data__path": str(path), "batch_size": min(16, count), **edits}
        return edited(preset, **small)()

    return make


SMALL = {
    "players__generator__network__hidden": [128, 256],
    "players__discriminator__network__hidden": [128],
    "lr": 0.001,
}


def momentum(value: float) -> dict[str, float]:
    """Edits to a momentum that stays."""
    return {f"players__*__optimiser__{one}": value for one in ("momentum", "final_momentum")}


WIDE = {
    "noise": "uniform",
    "noise__params__half_width": 1.0,
    "players__*__network__hidden": [32, 32],
    "players__*__network__initial": "uniform",
    "players__generator__network__output": "linear",
    "players__*__optimiser__lr": 0.1,
    "players__discriminator__updates": 1,
    **momentum(0.5),
}
"""Larger players for two Gaussians, that heed a rate or a momentum more than GAN Lab's small ones."""
CASES = (
    Case("helvetica", scene("helvetica"), frozenset({"mode-collapse", "oscillation", "generator-won"}), 100, 10),
    Case("vanishing-gradient", scene("vanishing-gradient"), frozenset({"discriminator-won"}), 100, 20, begins=100),
    Case("d-too-much", scene("d-too-much"), frozenset({"mode-collapse", "discriminator-won"}), 200, 20),
    Case("d-too-little", scene("d-too-little"), frozenset({"generator-won", "mode-collapse"}), 200, 20),
    Case("rescue", scene("rescue"), frozenset({"mode-collapse", "oscillation", "generator-won"}), 200, 20),
    Case(
        "ring-8, D's rate × 50",
        edited("ring-8", players__discriminator__optimiser__lr=0.15),
        frozenset({"rate-too-high"}),
        200,
        50,
    ),
    Case(
        "ring-8, G's rate × 100",
        edited("ring-8", players__generator__optimiser__lr=0.3),
        frozenset({"rate-too-high"}),
        200,
        50,
    ),
    Case(
        "ring-8, critic without a bound",
        edited("ring-8", objective="wasserstein", r1=0.0),
        frozenset({"divergence"}),
        800,
        50,
    ),
    Case(
        "two Gaussians, SGD with momentum 0.9",
        edited("gan-lab-gaussians", **{**WIDE, **momentum(0.9)}),
        frozenset({"rate-too-high", "divergence"}),
        200,
        50,
    ),
    Case(
        "dcgan-mnist, D's rate × 50",
        edited("dcgan-mnist", players__discriminator__optimiser__lr=0.05),
        frozenset({"rate-too-high"}),
        100,
        20,
    ),
    Case(
        "dcgan-mnist, G's rate × 100",
        edited("dcgan-mnist", players__generator__optimiser__lr=0.1),
        frozenset({"rate-too-high"}),
        100,
        20,
    ),
    Case(
        "dcgan-mnist, D's rate / 1000",
        edited("dcgan-mnist", players__discriminator__optimiser__lr=1e-6),
        frozenset({"generator-won"}),
        400,
        20,
    ),
    Case("dcgan-mnist on 32 digits", few("dcgan-mnist", 32), frozenset({"mode-collapse"}), 800, 40),
    # A D of four units a layer loses them all to three steps of 100 times its rate.
    Case(
        "two Gaussians, narrow D, its rate × 100 for 3 steps",
        later(
            "gan-lab-gaussians",
            (100, "players.discriminator.optimiser.lr", 10.0),
            (103, "players.discriminator.optimiser.lr", 1.0),
            **WIDE,
            players__discriminator__network__hidden=[4, 4],
        ),
        frozenset({"standstill"}),
        200,
        20,
        begins=100,
    ),
    # Each batch of two is normalised by its own statistics, which say little of G; those in use are means of many.
    Case("mlp-mnist, batches of 2", edited("mlp-mnist", batch_size=2), frozenset({"drift"}), 400, 40),
    Case("dcgan-mnist, batches of 4", edited("dcgan-mnist", batch_size=4), frozenset({"drift"}), 400, 40),
    Case("8 digits, small MLPs", few("mlp-mnist", 8, **SMALL), frozenset({"memorisation"}), 2500, 100),
)


def measure(preset: str | None) -> list[Figure]:
    """All presets and all of ``CASES``; or one preset, or the case of this name."""
    healthy = [name for name in files.presets() if preset in (None, name)]
    sick = [case for case in CASES if preset in (None, case.name)]
    if not healthy and not sick:
        names = ", ".join([*files.presets(), *(case.name for case in CASES)])
        raise StudioError(f"bench doctor measures {names} only", "--preset")
    return [*(false_alarms(healthy) if healthy else []), *(figure for case in sick for figure in delay(case))]


def false_alarms(presets: list[str]) -> list[Figure]:
    """What is said of healthy runs: a row for each preset with the complaints by name, and the rate of all."""
    found = dict(zip(presets, courses(presets), strict=True))
    rows, alarms, steps = [], 0, 0
    for name, course in found.items():
        said = [complaint for _, complaint in course.said if complaint != "equilibrium"]
        alarms, steps = alarms + len(said), steps + course.steps
        which = f" ({', '.join(said)})" if said else ""
        rows.append(Figure(f"{name}: false alarms in {course.steps:,} steps{which}", len(said), "≤", 0))
    return [*rows, Figure(f"false alarms per 1,000 steps, of {steps:,}", 1000 * alarms / steps, "≤", 0.0)]


def courses(presets: list[str]) -> list[Course]:
    """Of healthy runs; those that are best on one thread run at once, in processes of their own."""
    work = {name: (files.preset(name).model_dump(), *plan(name), _threads(files.preset(name))) for name in presets}
    single = [name for name in presets if work[name][-1] == 1]
    found = {}
    if len(single) > 1 and cores() > 1:
        passing(f"{len(single)} presets, {cores()} at once")
        # Processes of their own, begun afresh: threads of one process would share Python's lock.
        with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
            said = pool.map(healthy, *zip(*(work[name] for name in single), strict=True))
            found = dict(zip(single, said, strict=True))
    for name in presets:
        if name not in found:
            passing(name)
            found[name] = healthy(*work[name])
    passing("")
    return [found[name] for name in presets]


def plan(preset: str) -> tuple[int, int]:
    """(steps, steps between examinations) of a healthy run."""
    return POINTS if len(Trainer(files.preset(preset)).shapes.data) == 1 else IMAGES


def healthy(values: dict[str, Any], steps: int, every: int, threads: int) -> Course:
    """Train an experiment, given as plain values, and hear what the doctor says."""
    torch.set_num_threads(threads)
    return watched(parse(values), (), steps, every)


def delay(case: Case) -> list[Figure]:
    """Steps until the right complaint; one more than there were to be when it did not come."""
    passing(case.name)
    experiment, edits = case.make()
    torch.set_num_threads(_threads(experiment))
    course = watched(experiment, edits, case.begins + case.within, case.every, until=case.right)
    right = [step - case.begins for step, complaint in course.said if complaint in case.right and step > case.begins]
    others = sorted({complaint for _, complaint in course.said} - case.right)
    passing("")
    also = f" (also said: {', '.join(others)})" if others else ""
    name = f"{case.name}: steps until {' or '.join(sorted(case.right))}{also}"
    return [Figure(name, min(right, default=case.within + 1), "≤", case.within)]


def watched(
    experiment: Experiment, edits: Edits, steps: int, every: int, until: frozenset[str] = frozenset()
) -> Course:
    """Train with the doctor attached, to the end, until one of these complaints comes or until nothing is finite."""
    trainer, probe = Trainer(experiment), DoctorProbe()
    waiting = sorted(edits, key=lambda edit: edit[0])
    said: dict[str, int] = {}
    probe.frame(trainer)
    while trainer.steps < steps and not until & said.keys():
        while waiting and waiting[0][0] <= trainer.steps:
            trainer.edit(*waiting.pop(0)[1:])
        trainer.step()
        if trainer.steps % every == 0:
            finite = trainer.flush()
            for finding in probe.frame(trainer).findings:
                said.setdefault(finding.complaint, trainer.steps)
            if not finite:
                break
    return Course(trainer.steps, tuple((step, complaint) for complaint, step in said.items()))


def _threads(experiment: Experiment) -> int:
    return threads_for(experiment, Trainer(experiment))
