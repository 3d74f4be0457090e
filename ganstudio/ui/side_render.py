"""G(z) of some more inputs beside a panel's own image: a film strip, a cloud of samples."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.requests import Draw, Render
from ganstudio.ui.explorer import ExplorerBridge

SAME = 1e-5
"""Inputs that differ by less are the same: a slider that goes back and forth ends where it was but for rounding."""


class SideRender(QObject):
    """Asks under a client's name of its own; while somebody looks, answers follow G as it trains."""

    answered = Signal(object)
    """An ``Answer`` to the ``Render`` of the inputs that were asked for last."""

    def __init__(self, explorer: ExplorerBridge, client: str):
        super().__init__()
        self._explorer, self._client = explorer, client
        self._inputs: np.ndarray | None = None
        self._number = 0
        explorer.answered.connect(self._take)
        explorer.reopened.connect(self._forget)

    def ask(self, inputs: np.ndarray) -> None:
        """Have G(z) of these inputs (n, dim) float32, unless that is had already."""
        if not self.has(inputs):
            self._inputs = inputs
            self._number = self._explorer.ask(Render(inputs), self._client)
        self.follow(True)

    def draw(self, count: int, seed: int) -> None:
        """Have G(z) of so many z from the prior, always the same for the same seed."""
        self._explorer.ask(Draw(seed, count), self._client)

    def has(self, inputs: np.ndarray) -> bool:
        """Whether these are the inputs that were asked for last."""
        mine = self._inputs
        return mine is not None and mine.shape == inputs.shape and np.allclose(mine, inputs, rtol=0, atol=SAME)

    def follow(self, following: bool) -> None:
        """Whether the same inputs are answered again as G trains."""
        self._explorer.follow(self._client, following)

    def rest(self) -> None:
        """Nobody looks."""
        self._forget()
        self.follow(False)

    def _forget(self) -> None:
        self._inputs = None

    def _take(self) -> None:
        for answer in self._explorer.take(self._client):
            if answer.error:
                continue
            if isinstance(answer.asked.request, Draw):
                self.ask(answer.value)
            elif self._inputs is not None and answer.asked.number == self._number:
                self.answered.emit(answer)
