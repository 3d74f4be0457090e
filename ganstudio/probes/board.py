"""The game at a glance: inputs, samples, D's scores, both losses and gradients, and whose part was played last."""

from dataclasses import dataclass, field
from math import nan
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.dataset import ImageData
from ganstudio.data.points import PointsData
from ganstudio.networks.network import couples_batch
from ganstudio.probes.mirror import Mirror
from ganstudio.probes.tiles import TileGrid, Tiles, bytes_of
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

SHOWN = 8
"""Samples of each side that are shown with their scores; images are tiles in two rows."""
POINTS = 384
"""Points of each side that are shown where data are points; the first ``SHOWN`` have scores."""
G, D = "generator", "discriminator"


@dataclass(frozen=True)
class Move:
    """How a player moves."""

    updates: int = 1
    """k: updates in one step."""
    optimiser: str = "Adam"
    rate: float = 0.0
    """Learning rate of the next update."""
    loss: float = nan
    """Of its last update; NaN before the first."""
    gradient: float = nan
    """Norm of that update's gradient, before any clipping."""


@dataclass(frozen=True)
class BoardFrame(Frame):
    """What the pipeline z → G → G(z) → D ← x holds. The same inputs and the same real samples are shown each time."""

    z: np.ndarray
    """(``SHOWN``, dim) float32."""
    fake: Tiles | None
    """G of these z, by the weights that train; None where data are points."""
    real: Tiles | None
    fake_points: np.ndarray | None
    """(``POINTS``, D) float32; the first are those of ``z``. None where data are images."""
    real_points: np.ndarray | None
    extent: tuple[tuple[float, float], ...]
    """(low, high) of each axis of the points."""
    fake_scores: np.ndarray
    """(``SHOWN``,) float32: ``Objective.score`` of the samples shown.

    Where D's batch norm lets a sample's score depend on its batch, of the first samples of D's last batch instead: only
    those are scores that D has learnt from. NaN where there are none.
    """
    real_scores: np.ndarray
    means: tuple[float, float]
    """Mean score of the real and the generated samples of D's last update; NaN before the first."""
    penalty: float
    """What regularisers added to D's loss in its last update; NaN without any."""
    probability: bool
    """Whether scores are probabilities; else D is a critic."""
    relativistic: bool
    """Whether G's loss reads the real samples' scores too."""
    objective: str
    """Its title."""
    formula: str
    real_target: float
    """D's target on real samples."""
    batch: int
    prior: str
    """Title of z's distribution."""
    order: tuple[str, ...]
    """Parts of a step: players' names, ``+`` between those that move at once."""
    played: str
    """The part that was played last; empty before the first."""
    upcoming: str
    """The part that comes next."""
    count: int
    """Parts played since the run began: it tells one part from another."""
    moves: dict[str, Move] = field(default_factory=dict)


class BoardProbe:
    """Looks through copies of G and D, with inputs and a choice of real samples from a generator of its own."""

    name: ClassVar[str] = "board"
    needs_data: ClassVar[bool] = True
    of_last_step: ClassVar[bool] = True

    def __init__(self) -> None:
        self._mirrors: tuple[Mirror, Mirror] | None = None
        self._prior: tuple[str, str] = ("", "")
        self._z = torch.empty(0)
        self._real: Tensor | None = None
        self._real_tiles: Tiles | None = None
        self._real_points: np.ndarray | None = None

    @torch.no_grad()
    def frame(self, trainer: Trainer) -> BoardFrame:
        """The board after the part that was played last."""
        images = isinstance(trainer.data, ImageData)
        if self._mirrors is None:
            self._mirrors = Mirror(trainer.players[G].network), Mirror(trainer.players[D].network)
        z, real = self._inputs(trainer, SHOWN if images else POINTS), self._real_samples(trainer)
        fake = self._mirrors[0].refresh()(z).float()
        real_scores, fake_scores = self._scores(trainer, real[:SHOWN], fake[:SHOWN])
        order, metrics = trainer.game.order(), _metrics(trainer)
        index = order.index(trainer.next_part)
        return BoardFrame(
            step=trainer.steps,
            trainer=trainer.name,
            z=z[:SHOWN].cpu().numpy(),
            fake=_tiles(bytes_of(fake)) if images else None,
            real=self._real_tiles,
            fake_points=None if images else fake.cpu().numpy(),
            real_points=self._real_points,
            extent=trainer.data.density.extent if isinstance(trainer.data, PointsData) else (),
            fake_scores=fake_scores,
            real_scores=real_scores,
            means=(metrics["score.real"], metrics["score.fake"]),
            penalty=metrics["penalty"],
            probability=trainer.objective.probability,
            relativistic=trainer.objective.relativistic,
            objective=trainer.objective.title,
            formula=trainer.objective.formula,
            real_target=trainer.real_target,
            batch=trainer.experiment.batch_size,
            prior=trainer.noise.title,
            order=order,
            played=order[index - 1] if trainer.steps or index else "",
            upcoming=trainer.next_part,
            count=trainer.steps * len(order) + index,
            moves={name: _move(trainer, name, metrics) for name in trainer.players},
        )

    def _scores(self, trainer: Trainer, real: Tensor, fake: Tensor) -> list[np.ndarray]:
        assert self._mirrors is not None
        if couples_batch(trainer.players[D].network):
            logits = [trainer.moment.real_logits, trainer.moment.fake_logits]
        else:
            logits = list(self._mirrors[1].refresh()(torch.cat([real, fake])).float().split(SHOWN))
        found = []
        for side in logits:
            scores = np.full(SHOWN, nan, np.float32)
            if side is not None:
                shown = trainer.objective.score(side.reshape(-1)[:SHOWN].float())
                scores[: len(shown)] = shown.cpu().numpy()
            found.append(scores)
        return found

    def _inputs(self, trainer: Trainer, count: int) -> Tensor:
        """(count, dim), the same ones while the prior stays."""
        prior = (trainer.noise.kind, trainer.noise.config.model_dump_json())
        if prior != self._prior:
            self._prior = prior
            self._z = trainer.noise.draw(count, _own(trainer, 1)).to(trainer.device)
        return self._z

    def _real_samples(self, trainer: Trainer) -> Tensor:
        """Real samples on the trainer's device, chosen once."""
        if self._real is not None:
            return self._real
        own, data = _own(trainer, 2), trainer.data
        if isinstance(data, ImageData):
            chosen = torch.randint(len(data), (SHOWN,), generator=own)
            self._real = data.batch(chosen, trainer.device).x
            self._real_tiles = _tiles(bytes_of(self._real))
            return self._real
        if data.points is None:
            points = data.density.sample(POINTS, own)
        else:
            points = data.points[torch.randint(len(data), (POINTS,), generator=own)]
        self._real, self._real_points = points.to(trainer.device), points.cpu().numpy()
        return self._real


def _own(trainer: Trainer, stream: int) -> torch.Generator:
    return torch.Generator().manual_seed((trainer.experiment.seed * 1_000_003 + 15_485_863 * stream) % 2**63)


def _tiles(pixels: np.ndarray) -> Tiles:
    _, height, width, _ = pixels.shape
    grid = TileGrid(len(pixels), height, width, columns=SHOWN // 2)
    grid.put(0, pixels)
    return grid.published()


def _metrics(trainer: Trainer) -> dict[str, float]:
    """The newest value of each metric: of the step in progress where it has one already."""
    new = trainer.moment.metrics
    return {name: float(new[name]) if name in new else trainer.history.latest(name) for name in trainer.game.metrics}


def _move(trainer: Trainer, name: str, metrics: dict[str, float]) -> Move:
    player = trainer.players[name]
    return Move(
        player.spec.updates,
        player.rule.title,
        player.rule.config.lr * player.rule.left(player.updates),
        metrics[f"loss.{name}"],
        metrics[f"gradient.{name}"],
    )
