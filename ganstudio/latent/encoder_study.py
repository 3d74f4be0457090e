"""Training an encoder beside the trainer, and asking it. Imports torch."""

from collections.abc import Iterator
from math import cos, isfinite, pi
from pathlib import Path
from time import perf_counter

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.encoder import EncoderNews, FitEncoder, SaveEncoder
from ganstudio.latent.encoder_network import Trained, fingerprint, finite, fresh, load, save
from ganstudio.latent.workshop import Workshop

KEPT = "encoder"
"""Name in ``Workshop.kept``."""
BATCH = 64
RATE = 2e-3
TELLING = 25
"""Steps between two looks at the error."""
ON_Z = 0.05
"""Weight of the mean squared error of z, in the prior's variances, beside that of pixels in 0…1."""
SLICE_SECONDS = 0.03
JUDGED = 64
"""Fresh samples that the error is measured on."""


def fit_encoder(workshop: Workshop, request: FitEncoder) -> Iterator[tuple[float, EncoderNews]]:
    """Train E so that G(E(G(z))) ≈ G(z) and E(G(z)) ≈ z, as iGAN's does (Zhu et al. 2016, section 4.1, equation 5).

    Raises ``StudioError`` when G or E makes no finite numbers; an encoder that is kept already stays.
    """
    frame, prior, generator = workshop.frame, workshop.prior, workshop.generator
    network = fresh(frame.shape, prior, request.seed)
    draws = torch.Generator().manual_seed(request.seed + 1)
    unit = 4.0 if len(frame.shape) == 3 else 1.0
    optimiser = torch.optim.Adam(network.parameters(), betas=(0.9, 0.99))
    fresh_samples = workshop.render(workshop.draw(JUDGED, request.seed + 2))
    if not bool(fresh_samples.isfinite().all()):
        raise StudioError("G makes no finite numbers; go back to its last finite state")
    began = told = perf_counter()
    errors: list[float] = []
    share, step = 0.0, 0
    while share < 1:
        network.train()
        z = workshop.replica.noise.draw(BATCH, draws)
        with torch.no_grad():
            x = generator(z)
        guessed = network(x)
        on_pixels = (generator(guessed) - x).square().mean() / unit
        on_z = (guessed - z).square().mean() / prior.std**2
        optimiser.param_groups[0]["lr"] = RATE * (1 + cos(pi * share)) / 2
        optimiser.zero_grad()
        (on_pixels + ON_Z * on_z).backward()
        optimiser.step()
        step += 1
        share = max(step / request.steps, (perf_counter() - began) / request.seconds)
        if step % TELLING == 1 or share >= 1:
            errors.append(_error(workshop, network, fresh_samples, unit))
            if not (isfinite(errors[-1]) and finite(network.state_dict())):
                raise StudioError("its training led to numbers that are not finite; try again when G has settled")
        if perf_counter() - told > SLICE_SECONDS and share < 1:
            yield share, EncoderNews(step, errors[-1], tuple(errors))
            told = perf_counter()
    network.eval().requires_grad_(False)
    workshop.kept[KEPT] = Trained(network, fingerprint(frame.weights), frame.step, step, errors[-1])
    yield 1.0, _saved(workshop, request.save_to, tuple(errors))


def save_encoder(workshop: Workshop, request: SaveEncoder) -> Iterator[tuple[float, EncoderNews | None]]:
    """Save what is kept; None where there is nothing."""
    yield 1.0, _saved(workshop, request.save_to, ()) if KEPT in workshop.kept else None


def guess(workshop: Workshop, target: Tensor, file: str) -> tuple[Tensor | None, str]:
    """((1, dim) the encoder's z of a target (1, features), a sentence on whose guess it is).

    Where none is kept, the one in ``file``. None without an encoder; the sentence then says why, or is empty.
    """
    trained: Trained | None = workshop.kept.get(KEPT)
    if trained is None and file and Path(file).exists():
        try:
            trained = workshop.kept[KEPT] = load(Path(file), workshop)
        except StudioError as problem:
            return None, f"Without an encoder: {problem}."
    if trained is None:
        return None, ""
    with torch.inference_mode():
        z = trained.network(target.reshape(1, *workshop.frame.shape)).clone()
    step = workshop.frame.step
    if trained.fingerprint == fingerprint(workshop.frame.weights):
        return z, f"The encoder gave a start ({trained.steps:,} steps of training)."
    words = f"of step {trained.step:,}; this is step {step:,}" if trained.step != step else "with other weights"
    return z, f"The encoder gave a start, but it was trained for G {words}."


def _saved(workshop: Workshop, path: str, errors: tuple[float, ...]) -> EncoderNews:
    trained: Trained = workshop.kept[KEPT]
    problem = ""
    if path:
        try:
            save(trained, Path(path))
        except StudioError as error:
            problem, path = str(error), ""
    return EncoderNews(trained.steps, trained.error, errors, path, problem)


@torch.inference_mode()
def _error(workshop: Workshop, network: torch.nn.Module, samples: Tensor, unit: float) -> float:
    network.eval()
    return float((workshop.generator(network(samples)) - samples).square().mean() / unit)
