"""Part of ``bench latent``: how close inversion comes, to G's own samples and to real digits that it never saw.

The study is the one that the window asks for, with its usual wishes; so is the encoder.
"""

from collections.abc import Callable
from math import inf
from statistics import median
from time import perf_counter
from typing import Any

from ganstudio.bench.figure import Figure
from ganstudio.bench.latent_threads import on_one_core
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
from ganstudio.training.trainer import Trainer

PRESET = "dcgan-mnist"
SUBJECTS = 20
"""Of each kind."""
CLOSE = 30.0
"""dB that the median of own samples must reach …"""
SECONDS = 5.0
"""… in so many seconds each: what a search has found by then counts, whatever it finds in its last slice after it."""
OWN_SEED = 20_000
"""Of the samples to be found again: none of the starts' seeds."""


def figures(subjects: int = SUBJECTS, seconds: float = SECONDS, encoder: FitEncoder | None = None) -> list[Figure]:
    """Inversion with the shipped weights of ``dcgan-mnist``, without an encoder and with one.

    Fewer ``subjects``, less time for each search and an easier ``encoder`` than the window's are for a try.
    """
    trainer = Trainer(files.preset(PRESET))
    load_model(resource("models", f"{PRESET}.safetensors"), trainer)
    with on_one_core():
        return _figures(trainer, subjects, seconds, encoder or FitEncoder())


def _figures(trainer: Trainer, subjects: int, limit: float, encoder: FitEncoder) -> list[Figure]:
    probes: dict[str, Callable[[], Any]] = {"images": lambda: ImagesProbe().frame(trainer)}
    workshop = Workshop(lambda probe: probes[probe](), GeneratorProbe().frame(trainer), {})
    own: list[Subject] = [OwnSample(z) for z in workshop.draw(subjects, OWN_SEED).numpy()]
    real: list[Subject] = [RealSample(seed) for seed in range(subjects)]
    found, seconds = _inverted(workshop, own, limit, "own samples")
    digits, longest = _inverted(workshop, real, limit, "test digits")
    began = perf_counter()
    for share, news in fit_encoder(workshop, encoder):
        passing(f"Training an encoder: {share:.0%}, {psnr(news.error):.1f} dB")
    trained = perf_counter() - began
    again, _ = _inverted(workshop, own, limit, "own samples, with the encoder")
    more, _ = _inverted(workshop, real, limit, "test digits, with the encoder")
    passing("")
    by = f"median PSNR after at most {limit:g} s, dB"
    return [
        Figure(f"{PRESET}: inversion of own samples, {by}", _median(found, limit), "≥", CLOSE),
        Figure(f"{PRESET}: inversion of own samples, the longest search to the end of its last slice, s", max(seconds)),
        Figure(f"{PRESET}: inversion of own samples, median s until {CLOSE:g} dB", _soon(found), "≤", SECONDS),
        Figure(f"{PRESET}: inversion of test digits, {by}", _median(digits, limit)),
        Figure(f"{PRESET}: inversion of test digits, median s", median(longest)),
        Figure(f"{PRESET}: training an encoder, s (it ends after {encoder.seconds:g} s at the latest)", trained),
        Figure(f"{PRESET}: the encoder's guess alone, own samples, median PSNR, dB", _guessed(again)),
        Figure(f"{PRESET}: the encoder's guess alone, test digits, median PSNR, dB", _guessed(more)),
        Figure(f"{PRESET}: with the encoder, own samples, {by}", _median(again, limit)),
        Figure(f"{PRESET}: with the encoder, own samples, median s until {CLOSE:g} dB", _soon(again)),
        Figure(f"{PRESET}: with the encoder, test digits, {by}", _median(more, limit)),
    ]


def _inverted(
    workshop: Workshop, subjects: list[Subject], limit: float, what: str
) -> tuple[list[Projection], list[float]]:
    """What each search ends with, and its seconds."""
    found, seconds = [], []
    for seed, subject in enumerate(subjects):
        passing(f"Inverting {what}: {seed} of {len(subjects)}")
        began = perf_counter()
        *_, (_, projection) = invert(workshop, Invert(subject, seed=seed, seconds=limit))
        seconds.append(perf_counter() - began)
        found.append(projection)
    return found, seconds


def reached(one: Projection, seconds: float) -> float:
    """PSNR in dB of the best that a search had found after so long; −∞ for nothing."""
    return psnr(next((error for at, error in reversed(one.errors) if at <= seconds), inf))


def _median(found: list[Projection], limit: float) -> float:
    return median(reached(one, limit) for one in found)


def _guessed(found: list[Projection]) -> float:
    return median(psnr(one.encoder_mse) for one in found if one.encoder_mse is not None)


def _soon(found: list[Projection]) -> float:
    """Median seconds until a search was close; one that never was counts as endless."""
    return median(min((at for at, error in one.errors if psnr(error) >= CLOSE), default=inf) for one in found)
