"""Part of ``bench latent``: how close inversion comes, to G's own samples and to real digits that it never saw.

The study is the one that the window asks for, with its usual wishes; so is the encoder.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import torch

from ganstudio.bench.figure import Figure
from ganstudio.experiment import files
from ganstudio.latent.encoder import FitEncoder
from ganstudio.latent.encoder_study import fit_encoder
from ganstudio.latent.inversion import Invert, OwnSample, Projection, RealSample, Subject, psnr
from ganstudio.latent.inversion_study import invert
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.probes.images import ImagesProbe
from ganstudio.progress import passing
from ganstudio.resources import resource
from ganstudio.runs.models import load_model
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer

PRESET = "dcgan-mnist"
SUBJECTS = 20
"""Of each kind."""
CLOSE = 30.0
"""dB that the median of own samples must reach …"""
SECONDS = 5.0
"""… in so many seconds each."""
OWN_SEED = 20_000
"""Of the samples to be found again: none of the starts' seeds."""


def figures() -> list[Figure]:
    """Inversion with the shipped weights of ``dcgan-mnist``, without an encoder and with one."""
    trainer = Trainer(files.preset(PRESET))
    load_model(resource("models", f"{PRESET}.safetensors"), trainer)
    torch.set_num_threads(threads_for(trainer.experiment, trainer))
    probes: dict[str, Callable[[], Any]] = {"images": lambda: ImagesProbe().frame(trainer)}
    workshop = Workshop(lambda probe: probes[probe](), GeneratorProbe().frame(trainer), {})
    own = [OwnSample(z) for z in workshop.draw(SUBJECTS, OWN_SEED).numpy()]
    real = [RealSample(seed) for seed in range(SUBJECTS)]
    found, seconds = _inverted(workshop, own, "own samples")
    digits, longest = _inverted(workshop, real, "test digits")
    soon = _soon(found)
    began = perf_counter()
    for share, news in fit_encoder(workshop, FitEncoder()):
        passing(f"Training an encoder: {share:.0%}, {psnr(news.error):.1f} dB")
    trained = perf_counter() - began
    again, _ = _inverted(workshop, own, "own samples, with the encoder")
    more, _ = _inverted(workshop, real, "test digits, with the encoder")
    passing("")
    return [
        Figure(f"{PRESET}: inversion of own samples, median PSNR, dB", _median(found), "≥", CLOSE),
        Figure(f"{PRESET}: inversion of own samples, the longest search, s", max(seconds), "≤", SECONDS * 1.1),
        Figure(f"{PRESET}: inversion of own samples, median s until {CLOSE:g} dB", soon, "≤", SECONDS),
        Figure(f"{PRESET}: inversion of test digits, median PSNR, dB", _median(digits)),
        Figure(f"{PRESET}: inversion of test digits, median s", median(longest)),
        Figure(f"{PRESET}: training an encoder, s", trained, "≤", 60 * 1.1),
        Figure(f"{PRESET}: the encoder's guess alone, own samples, median PSNR, dB", _guessed(again)),
        Figure(f"{PRESET}: the encoder's guess alone, test digits, median PSNR, dB", _guessed(more)),
        Figure(f"{PRESET}: with the encoder, own samples, median PSNR, dB", _median(again)),
        Figure(f"{PRESET}: with the encoder, own samples, median s until {CLOSE:g} dB", _soon(again)),
        Figure(f"{PRESET}: with the encoder, test digits, median PSNR, dB", _median(more)),
    ]


def _inverted(workshop: Workshop, subjects: list[Subject], what: str) -> tuple[list[Projection], list[float]]:
    """What each search ends with, and its seconds."""
    found, seconds = [], []
    for seed, subject in enumerate(subjects):
        passing(f"Inverting {what}: {seed} of {len(subjects)}")
        began = perf_counter()
        *_, (_, projection) = invert(workshop, Invert(subject, seed=seed))
        seconds.append(perf_counter() - began)
        found.append(projection)
    return found, seconds


def _median(found: list[Projection]) -> float:
    return median(psnr(one.mse) for one in found)


def _guessed(found: list[Projection]) -> float:
    return median(psnr(one.encoder_mse) for one in found if one.encoder_mse is not None)


def _soon(found: list[Projection]) -> float:
    """Median seconds until a search was close; one that never was counts as endless."""
    return median(min((at for at, error in one.errors if psnr(error) >= CLOSE), default=float("inf")) for one in found)
