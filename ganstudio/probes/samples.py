"""What G makes of fixed inputs: a grid of samples that can be compared from step to step."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, ClassVar

import numpy as np
import torch

from ganstudio.probes.mirror import Mirror
from ganstudio.probes.tiles import TileGrid, Tiles, bytes_of
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

MOST_TILES = 256
CHUNK = 16
"""Tiles that go through G at once: small enough to stay in the processor's caches, and the same chunks each time, so
that the same state gives the same bytes."""
TURNS = 4
"""A grid of several chunks is remade in this many frames, a part at a time: a frame must not hold training up."""


@dataclass(frozen=True)
class SamplesFrame(Frame):
    """Samples of G. While the run moves on, a frame renews a part of its tiles in turn; at rest all are of ``step``."""

    tiles: Tiles | None
    """None when the data are not images."""
    z: np.ndarray
    """(N, dim) float32: G's input of each tile."""
    scores: np.ndarray | None
    """(N,) float32: D's ``Objective.score`` of each tile, when asked for."""
    probability: bool
    """Whether the scores are probabilities; else they are a critic's values."""
    whole: bool
    """Whether all tiles are of ``step``."""

    @property
    def complete(self) -> bool:
        return self.whole


class SamplesProbe:
    """Draws its inputs from a generator of its own, seeded from the experiment."""

    name: ClassVar[str] = "samples"

    def __init__(self) -> None:
        self._layout: tuple[Any, ...] = ()
        self._pins: tuple[Any, ...] = ()
        self._state: tuple[int, ...] = ()
        self._generator: Mirror | None = None
        self._discriminator: Mirror | None = None
        self._scored = False
        self._stale: set[int] = set()
        self._next = 0

    def frame(
        self,
        trainer: Trainer,
        *,
        tiles: int = 64,
        columns: int = 0,
        live: bool = False,
        scores: bool = False,
        draw: int = 0,
        pinned: Mapping[int, np.ndarray] | None = None,
    ) -> SamplesFrame:
        """``tiles`` samples, 1…256, of G's average or its ``live`` weights, in so many ``columns`` (0: a square).

        ``draw`` numbers the set of inputs; ``pinned`` puts given inputs (dim,) at given tiles instead. ``scores`` asks
        for D's opinion of each tile, from a copy of D in evaluation mode.
        """
        if len(trainer.shapes.data) != 3:
            return SamplesFrame(trainer.steps, trainer.name, None, np.empty((0, 0), np.float32), None, False, True)
        tiles = min(max(1, tiles), MOST_TILES)
        anew = self._lay_out(trainer, tiles, columns, live, draw, pinned or {})
        anew = anew or (scores and not self._scored)
        self._scored = scores
        self._render(trainer, live, scores, everything=anew)
        return SamplesFrame(
            trainer.steps,
            trainer.name,
            self._grid.published(),
            self._inputs,
            self._scores.copy() if scores else None,
            trainer.objective.probability,
            not self._stale,
        )

    def _lay_out(
        self, trainer: Trainer, tiles: int, columns: int, live: bool, draw: int, pinned: Mapping[int, np.ndarray]
    ) -> bool:
        """Settle the inputs. Answers whether anything is asked for that the last frame did not show."""
        prior = (trainer.noise.kind, trainer.noise.config.model_dump_json())
        pins = tuple((index, z.tobytes()) for index, z in sorted(pinned.items()))
        layout = (tiles, columns, live, draw, prior)
        if layout == self._layout and pins == self._pins:
            return False
        own = torch.Generator().manual_seed((trainer.experiment.seed * 1_000_003 + 104_729 * (draw + 1)) % 2**63)
        # All of them, so that a tile stays what it is when their number changes.
        z = trainer.noise.draw(MOST_TILES, own)[:tiles].numpy()
        for index, chosen in pinned.items():
            if index < tiles and chosen.shape == z[index].shape:
                z[index] = chosen
        same = layout == self._layout and np.array_equal(z, self._inputs)
        self._layout, self._pins = layout, pins
        if same:  # pinned where it stood
            return False
        self._inputs = z
        self._z = torch.from_numpy(z).to(trainer.device)
        _, height, width = trainer.shapes.data
        self._grid = TileGrid(tiles, height, width, columns)
        self._scores = np.full(tiles, np.nan, np.float32)
        self._next = 0
        return True

    @torch.no_grad()
    def _render(self, trainer: Trainer, live: bool, scores: bool, everything: bool) -> None:
        """Pass the chunks whose turn it is through G (and D)."""
        chunks = ceil(self._grid.count / CHUNK)
        state = (trainer.steps, *(player.updates for player in trainer.players.values()))
        if everything or state != self._state:
            self._state, self._stale = state, set(range(chunks))
        turn = chunks if everything else ceil(chunks / TURNS)
        due = [chunk % chunks for chunk in range(self._next, self._next + chunks) if chunk % chunks in self._stale]
        if not due:
            return
        generator = self._live(trainer) if live else trainer.average.network
        discriminator = self._judge(trainer) if scores else None
        for chunk in due[:turn]:
            first = chunk * CHUNK
            x = generator(self._z[first : first + CHUNK])
            self._grid.put(first, bytes_of(x))
            if discriminator is not None:
                logits = discriminator(x).float()
                self._scores[first : first + CHUNK] = trainer.objective.score(logits).cpu().numpy()
            self._stale.discard(chunk)
            self._next = chunk + 1

    def _live(self, trainer: Trainer) -> torch.nn.Module:
        self._generator = self._generator or Mirror(trainer.players["generator"].network)
        return self._generator.refresh()

    def _judge(self, trainer: Trainer) -> torch.nn.Module:
        self._discriminator = self._discriminator or Mirror(trainer.players["discriminator"].network)
        return self._discriminator.refresh()
