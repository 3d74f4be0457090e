"""Part of ``bench latent``: how well z found by optimisation does what a sketch asks, against the best random samples.

Twenty sketches are scripted: three brush strokes across a held-out face, that is a face never trained on, in the
face's own colours. Both sides are judged by the root mean square colour error under the brush.
"""

from statistics import median
from time import perf_counter

import numpy as np
import torch

from ganstudio.bench.figure import Figure
from ganstudio.bench.latent_threads import on_one_core
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset as shipped
from ganstudio.latent.edits import Edits, brushed
from ganstudio.latent.requests import as_bytes
from ganstudio.latent.sketch_study import find_sketched
from ganstudio.latent.sketching import CANDIDATES, STARTS, FindSketched, masked_error
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.progress import passing
from ganstudio.resources import resource
from ganstudio.runs.models import load_model
from ganstudio.training.trainer import Trainer

PRESET = "dcgan-pixel-faces"
SKETCHES = 20
STROKES, BRUSH = 3, 0.08
"""Of each sketch, and the brush's radius as a share of the image's side."""
HALF, FIRST_SECONDS = 0.5, 2.0
"""The ratio to stay below; the first candidates are there by then."""
LIMIT_SECONDS = 5.0
"""Each search behind the ratio is given up after so long, converged or not."""


def figures(preset: str = PRESET, sketches: int = SKETCHES) -> list[Figure]:
    """The error of the best candidate over that of the best of 64 random samples, and how soon there are candidates.

    The best is taken of what there is after ``LIMIT_SECONDS``, or earlier when the search has converged.
    Uses the weights that are shipped with the preset. Raises ``StudioError`` when its data are no images or none of
    them is held out.
    """
    trainer = Trainer(shipped(preset))
    load_model(resource("models", f"{preset}.safetensors"), trainer)
    workshop = Workshop(None, GeneratorProbe().frame(trainer), {})
    held_out = getattr(trainer.data, "held_out", None)
    if held_out is None:
        raise StudioError(f"{preset} holds no images out that sketches could be made from; use {PRESET}")
    with on_one_core():
        return _figures(preset, workshop, held_out, min(sketches, len(held_out)))


def _figures(preset: str, workshop: Workshop, held_out: torch.Tensor, sketches: int) -> list[Figure]:
    ratios, soon, firsts, wholes, found = [], [], [], [], []
    for index in range(sketches):
        passing(f"{preset}: sketch {index + 1} of {sketches}")
        edits = scripted(held_out[index].numpy(), index)
        random = as_bytes(workshop.render(workshop.draw(STARTS, index)).numpy())
        start = perf_counter()
        search = find_sketched(workshop, FindSketched(edits, seed=index))
        share, candidates = next(search)
        while share < 1 and len(candidates.images) < CANDIDATES and perf_counter() - start < LIMIT_SECONDS:
            share, candidates = next(search)
        firsts.append(perf_counter() - start)
        best = masked_error(random, edits).min()
        while share < 1 and perf_counter() - start < FIRST_SECONDS:
            share, candidates = next(search)
        soon.append(masked_error(candidates.images, edits).min() / best)
        while share < 1 and perf_counter() - start < LIMIT_SECONDS:
            share, candidates = next(search)
        wholes.append(perf_counter() - start)
        found.append(len(candidates.images))
        ratios.append(masked_error(candidates.images, edits).min() / best)
    passing("")
    error = f"{preset}: sketch error of the best candidate over that of the best of {STARTS} samples"
    return [
        Figure(f"{error}, at most {LIMIT_SECONDS:g} s, the worst sketch (below half is asked)", max(ratios), "≤", HALF),
        Figure(f"{error}, at most {LIMIT_SECONDS:g} s, the median sketch", median(ratios)),
        Figure(f"{error}, after {FIRST_SECONDS:g} s, the median sketch", median(soon)),
        Figure(f"{preset}: s to the first {CANDIDATES} ranked candidates", max(firsts), "≤", FIRST_SECONDS),
        Figure(f"{preset}: s until a sketch has converged or is given up, median", median(wholes)),
        Figure(f"{preset}: candidates of a sketch, the fewest", min(found), "≥", CANDIDATES),
    ]


def scripted(face: np.ndarray, seed: int) -> Edits:
    """Straight strokes across a face (H, W, C) uint8, in the colours that it has under them."""
    height, width, channels = face.shape
    dice = np.random.default_rng(seed)
    mask = np.zeros((height, width), bool)
    for _ in range(STROKES):
        start, end = dice.uniform((0, 0), (height, width), (2, 2))
        mask |= brushed(face.shape, tuple(start), tuple(end), BRUSH * height)
    none = Edits.none(height, width, channels)
    return Edits(mask, face * mask[..., None].astype(np.uint8), none.edges, none.warp, none.warped)
