"""One examination: what the worker copies, and what is measured of the copies beside it."""

from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.data.densities.density import Density
from ganstudio.data.points import PointsData
from ganstudio.games.objectives.base import Objective
from ganstudio.games.player import Player
from ganstudio.metrics import modes
from ganstudio.metrics.doctor import samples, windows
from ganstudio.metrics.doctor.copies import Library, likeness
from ganstudio.probes.mirror import Mirror
from ganstudio.probes.tiles import bytes_of
from ganstudio.training.trainer import Trainer

POINTS, IMAGES, LARGE = 256, 64, 32
"""Samples that are judged: points, images, and images of ``LARGE_PIXELS`` or more."""
LARGE_PIXELS = 48 * 48
SEED = 5
EPOCHS = 8.0
"""Passes through the data before copies of them are looked for."""
BATCHES = 8
"""Small batches, as small as those in training, of which batch norm's statistics are taken."""
REFERENCES = 64
"""Real images whose own neighbours tell what distance is usual."""


@dataclass(frozen=True)
class Sizes:
    """A player's weights and its last update."""

    weights: float
    """Root mean square."""
    update: float
    """‖Δw‖ / ‖w‖; NaN before the first update."""


@dataclass(frozen=True)
class Look:
    """What was copied on the worker."""

    step: int
    updates: dict[str, int]
    epochs: float
    objective: Objective
    real_target: float
    rows: dict[str, np.ndarray]
    """Of the history's last steps, (steps,) float32 by name."""
    logits: tuple[np.ndarray, np.ndarray] | None
    """Real and fake ones of D's last update."""
    sizes: dict[str, Sizes]


def look(trainer: Trainer, since: int) -> Look:
    """Read what is there already; ``since`` is the step of the last examination."""
    history, moment = trainer.history, trainer.moment
    length = len(history)
    wanted = min(max(length - since, windows.LEAST), windows.MOST)
    rows = history.rows(max(0, length - wanted))
    logits = None
    if moment.real_logits is not None and moment.fake_logits is not None:
        logits = moment.real_logits.float().cpu().numpy(), moment.fake_logits.float().cpu().numpy()
    sampler = trainer.sampler.state()
    return Look(
        trainer.steps,
        {name: player.updates for name, player in trainer.players.items()},
        sampler["epoch"] + sampler["position"] / max(1, len(trainer.data)),
        trainer.objective,
        trainer.real_target,
        dict(zip(history.names, rows.T, strict=True)),
        logits,
        {name: sizes(player) for name, player in trainer.players.items()},
    )


@torch.no_grad()
def sizes(player: Player) -> Sizes:
    """Of a player as its last update left it; one transfer from the device."""
    count = sum(parameter.numel() for parameter in player.parameters)
    moved = player.rule.directions(player.optimiser, player.parameters) if player.updates else None
    if moved is None or any(one is None for one in moved):
        return Sizes(float(_norm(player.parameters)) / count**0.5, nan)
    weights, update = torch.stack([_norm(player.parameters), _norm(moved)]).tolist()
    rate = player.optimiser.param_groups[0]["lr"]
    return Sizes(weights / count**0.5, rate * update / weights if weights > 0 else nan)


def _norm(tensors: Any) -> Tensor:
    return torch.stack(torch._foreach_norm(tensors)).double().square().sum().sqrt()


class Room:
    """G's copy, the inputs that it is given each time, and the real samples that its own are held against."""

    def __init__(self, trainer: Trainer):
        self.density: Density | None = trainer.data.density if isinstance(trainer.data, PointsData) else None
        self._data, self._device = trainer.data, trainer.device
        self._mirrored = trainer.experiment.augmentation.get("flip", {}).get("probability", 0) > 0
        self._mirror = Mirror(trainer.players["generator"].network)
        self._norms = [
            one for one in self._mirror.network.modules() if isinstance(one, nn.modules.batchnorm._BatchNorm)
        ]
        for norm in self._norms:
            # In training G is judged by the statistics of its batch; without momentum the running ones stay.
            norm.train()
            norm.momentum = 0.0
            norm.register_forward_pre_hook(self._note)
        self._noted: dict[nn.Module, list[Tensor]] = {norm: [] for norm in self._norms}
        self._prior = ""
        self._reference: samples.Reference | None = None
        self._real_modes = self._real_duplicates = nan
        self._library: tuple[Library, np.ndarray] | None = None

    @property
    def searchable(self) -> bool:
        """Whether the data are images, enough of them that neighbours can be told apart."""
        return self.density is None and len(self._data) >= 3

    @property
    def count(self) -> int:
        """Samples that are judged."""
        if self.density is not None:
            return POINTS
        _, height, width = self._data.shape
        return LARGE if height * width >= LARGE_PIXELS else IMAGES

    def refresh(self, trainer: Trainer) -> None:
        """Take G's weights of the moment, on the worker."""
        self._mirror.refresh()
        self._batch = max(2, trainer.experiment.batch_size)
        prior = f"{trainer.noise.kind} {trainer.noise.config.model_dump_json()}"
        if prior != self._prior:
            self._prior = prior
            self._z = trainer.noise.draw(self.count, torch.Generator().manual_seed(SEED)).to(self._device)

    def _note(self, norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        axes = [axis for axis in range(inputs[0].ndim) if axis != 1]
        variance, mean = torch.var_mean(inputs[0].float(), axes, correction=0)
        self._noted[norm].append(self._apart(norm, mean, variance))

    @staticmethod
    def _apart(norm: Any, mean: Tensor, variance: Tensor) -> Tensor:
        """Mean over channels of |difference of means| in σ, or of |log of the ratio of σ|, whichever is larger."""
        variance, running = variance + norm.eps, norm.running_var + norm.eps
        shift = (mean - norm.running_mean).abs() / variance.sqrt()
        return torch.maximum(shift.clamp(max=1e6).mean(), (variance / running).log().abs().mean() / 2)

    @torch.inference_mode()
    def generated(self) -> tuple[Tensor, float]:
        """(samples of G (N, …), drift of its batch norm's statistics from those of batches as large as in training)."""
        for noted in self._noted.values():
            noted.clear()
        x = self._mirror.network(self._z).float()
        if self._norms and 2 * self._batch <= len(self._z):
            for noted in self._noted.values():
                noted.clear()
            for z in self._z.split(self._batch)[: min(BATCHES, len(self._z) // self._batch)]:
                self._mirror.network(z)
        drift = max((float(torch.stack(noted).mean()) for noted in self._noted.values() if noted), default=nan)
        return x, drift

    @property
    def reference(self) -> samples.Reference:
        """Twice as many real samples, drawn once."""
        if self._reference is None:
            own = torch.Generator().manual_seed(SEED)
            if self.density is not None:
                real = self.density.sample(2 * self.count, own).numpy()
                self._real_modes = samples.served(modes.judge(self.density, real).shares)
            else:
                chosen = torch.randperm(len(self._data), generator=own)[: 2 * self.count]
                pictures = self._data.images[chosen.to(self._data.images.device)].cpu().numpy()
                real = pictures.reshape(len(chosen), -1).astype(np.float32) / 127.5 - 1
                self._real_duplicates = samples.duplicates(samples.hashes(pictures[: self.count]))
            self._reference = samples.Reference(real)
        return self._reference

    def centre(self, x: Tensor) -> np.ndarray:
        """(D,) mean of samples, in units of the mean distance between two real ones."""
        return x.flatten(1).mean(0).cpu().numpy() / self.reference.breadth

    def measure_samples(self, x: Tensor) -> dict[str, float]:
        """What finite samples say, by the names of ``Readings``."""
        flat = x.flatten(1).cpu().numpy()
        diversity, mismatch = self.reference.compare(flat)
        found = {"diversity": diversity, "mismatch": mismatch}
        if self.density is None:
            found["duplicates"] = samples.duplicates(samples.hashes(bytes_of(x))) - self._real_duplicates
        elif len(self.density.modes) > 1:
            score = modes.judge(self.density, flat)
            found["modes"] = samples.served(score.shares)
            found["modes_real"] = self._real_modes
            found["mode"] = nan if score.dominant is None else float(score.dominant)
        return found

    def measure_copies(self, x: Tensor) -> dict[str, float]:
        """Whether these images stand in the data set."""
        if self._library is None:
            library = Library(self._data.images.cpu().numpy(), self._mirrored)
            own = torch.Generator().manual_seed(SEED + 1)
            held_out = self._data.held_out
            if held_out is not None and len(held_out):
                pictures, places = held_out[torch.randperm(len(held_out), generator=own)[:REFERENCES]].numpy(), None
            else:
                places = torch.randperm(len(library.images), generator=own)[:REFERENCES].numpy()
                pictures = library.images[places]
            self._library = library, library.neighbours(pictures, places)
        library, usual = self._library
        nearness, second = likeness(library.neighbours(bytes_of(x)[:REFERENCES]), usual)
        return {"nearness": nearness, "second": second}
