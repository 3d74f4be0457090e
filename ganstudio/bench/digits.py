"""``bench digits``: a preset of MNIST is trained for a minute, and a small shipped classifier judges what G draws."""

from time import perf_counter

import torch

from ganstudio.bench.figure import Figure
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.files import DEFAULT_PRESET
from ganstudio.experiment.files import preset as shipped
from ganstudio.metrics.digits import CLASSES, CONFIDENT, DigitScore, score
from ganstudio.progress import passing
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer

SECONDS = 60.0
SAMPLES = 2000
SHARE = 0.8


def measure(preset: str | None) -> list[Figure]:
    """Train ``dcgan-mnist``, or another preset of MNIST, for ``SECONDS`` and judge samples of G's running average."""
    name = preset or DEFAULT_PRESET
    found, steps = trained(shipped(name), SECONDS)
    return [
        Figure(f"{name}: share of samples that are a digit with confidence ≥ {CONFIDENT}", found.confident, "≥", SHARE),
        Figure(f"{name}: digits among them", found.classes, "≥", CLASSES),
        Figure(f"{name}: samples of the rarest digit", min(found.counts)),
        Figure(f"{name}: samples", found.samples),
        Figure(f"{name}: steps in {SECONDS:g} s", steps),
    ]


def trained(experiment: Experiment, seconds: float) -> tuple[DigitScore, int]:
    """The score after so many seconds of training on the CPU, and the steps that took place."""
    if experiment.data.kind != "mnist":
        raise StudioError("the classifier knows MNIST's digits only; choose a preset that learns them", "data.kind")
    trainer = Trainer(experiment)
    torch.set_num_threads(threads_for(experiment, trainer))
    start = perf_counter()
    while perf_counter() - start < seconds:
        trainer.step()
        if trainer.steps % 50 == 0:
            passing(f"{experiment.title}: {perf_counter() - start:.0f} of {seconds:g} s, step {trainer.steps:,}")
    passing("")
    return score(samples(trainer)), trainer.steps


@torch.no_grad()
def samples(trainer: Trainer, count: int = SAMPLES) -> torch.Tensor:
    """(count, 1, 28, 28) samples of G's running average, from a generator of their own."""
    z = trainer.noise.draw(count, torch.Generator().manual_seed(0))
    return torch.cat([trainer.average.network(part) for part in z.split(250)])
