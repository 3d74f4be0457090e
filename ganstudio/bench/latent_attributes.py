"""Part of ``bench latent``: what the shipped directions of the pixel faces change, measured by a small classifier.

Samples that no direction was fitted to are moved along each, to either side; the classifier says which attributes they
have before and after. How often the *other* attributes change is told beside how often they do along random directions.
It is the classifier that labelled the samples which the directions were fitted to, those alone of which it was sure: it
judges its own opinion, so that what it misses is missed on both sides.
"""

from dataclasses import dataclass

import numpy as np
import torch

from ganstudio.bench.figure import Figure
from ganstudio.bench.latent_threads import on_one_core
from ganstudio.experiment import files
from ganstudio.metrics.judges import JUDGES
from ganstudio.resources import resource
from ganstudio.runs.models import load_model
from ganstudio.runs.shelf import read_keepsakes
from ganstudio.training.trainer import Trainer

PRESET = "dcgan-pixel-faces"
FACES = 500
STEP = 2.0
"""σ, to either side."""
SEED, RANDOM_SEED = 1_000, 7
"""Of the faces, which no direction was fitted to, and of the random directions."""
RANDOM = 4
MOST, FEWEST = 0.8, 0.1
"""Of the glasses: the least share that has them after a step towards them, and the greatest after one away."""
MOST_HAIR, FEWEST_HAIR = 0.8, 0.2
"""Of the hair, whose two sides are as frequent."""
BY = "as the classifier that labelled judges"
LEAK = 0.15
"""The greatest mean share of other attributes that change along the glasses."""


@dataclass(frozen=True)
class Effect:
    """What moving samples along a direction does to one attribute and to the others. Shares, 0…1."""

    before: float
    after: float
    """Have it after a step along the direction."""
    back: float
    """Have it after a step the other way."""
    others: float
    """Of the judgements on other attributes, those that are others after a step to either side."""


class Faces:
    """Samples of the shipped generator, and the classifier's opinion of them."""

    def __init__(self) -> None:
        trainer = Trainer(files.preset(PRESET))
        load_model(resource("models", f"{PRESET}.safetensors"), trainer)
        self.trainer = trainer
        self._network = trainer.average.network.eval()
        self._noise = trainer.noise
        self._judge = JUDGES[trainer.experiment.data.kind]
        self.attributes = self._judge.attributes

    def draw(self, count: int, seed: int) -> np.ndarray:
        """(count, dim) float32 from the prior."""
        return self._noise.draw(count, torch.Generator().manual_seed(seed)).numpy()

    @torch.no_grad()
    def judged(self, z: np.ndarray) -> np.ndarray:
        """(n, attributes): the probability that each sample has each attribute."""
        parts = torch.from_numpy(np.asarray(z, np.float32)).split(250)
        return torch.cat([self._judge.judge(self._network(part)) for part in parts]).numpy()

    def effect(self, z: np.ndarray, vector: np.ndarray, attribute: str, step: float = STEP) -> Effect:
        """Of moving these samples (n, dim) by ``step`` σ along a direction (dim,) of length 1, and back."""
        index = self.attributes.index(attribute)
        ways = (0.0, step * self._noise.std, -step * self._noise.std)
        here, there, back = (self.judged(z + way * vector) > 0.5 for way in ways)
        changed = np.delete(np.concatenate([there != here, back != here]), index, 1)
        return Effect(*(float(found[:, index].mean()) for found in (here, there, back)), float(changed.mean()))


def figures(count: int = FACES) -> list[Figure]:
    """Every shipped direction, on so many samples."""
    faces = Faces()
    with on_one_core():
        return _figures(faces, count)


def _figures(faces: Faces, count: int) -> list[Figure]:
    z = faces.draw(count, SEED)
    found = []
    for direction in read_keepsakes(resource("latent", f"{PRESET}.json")).directions:
        effect = faces.effect(z, direction.vector, direction.name)
        glasses = direction.name == "glasses"
        most, fewest = (MOST, FEWEST) if glasses else (MOST_HAIR, FEWEST_HAIR)
        what = f"{PRESET}: share of {count} samples with {direction.name}, {BY}"
        others = f"{PRESET}: share of other attributes that change {STEP:g} σ along {direction.name}, {BY}"
        found += [
            Figure(f"{what}, before", effect.before),
            Figure(f"{what}, {STEP:g} σ along the direction", effect.after, "≥", most),
            Figure(f"{what}, {STEP:g} σ against it", effect.back, "≤", fewest),
            Figure(others, effect.others, "≤", LEAK if glasses else None),
        ]
    random = np.random.default_rng(RANDOM_SEED).normal(size=(RANDOM, z.shape[1]))
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    leaks = [faces.effect(z, vector, "glasses").others for vector in random]
    what = f"{PRESET}: share of attributes but glasses that change {STEP:g} σ along a random direction, {BY}"
    return [*found, Figure(what, float(np.mean(leaks)))]
