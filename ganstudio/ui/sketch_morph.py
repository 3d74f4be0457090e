"""From the image before a sketch to the one after it, in steps through z."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.paths import Path, spherical_suits
from ganstudio.latent.requests import Answer, Prior, Render, as_bytes
from ganstudio.latent.sketching import MORPH_STEPS
from ganstudio.ui.explorer import ExplorerBridge


class Morph(QObject):
    """The images between two z, made once for each pair when they are first wanted."""

    made = Signal()
    """The images have come."""

    def __init__(self, explorer: ExplorerBridge, client: str):
        super().__init__()
        self._explorer, self.client = explorer, client
        self._ends: tuple[bytes, bytes] | None = None
        self.inputs: np.ndarray | None = None
        """(MORPH_STEPS + 1, dim) float32, from before to after."""
        self.images: np.ndarray | None = None
        """(MORPH_STEPS + 1, H, W, C) uint8; None until they have come."""

    def between(self, before: np.ndarray, after: np.ndarray, prior: Prior) -> None:
        """Have the way from one z (dim,) to another made, unless it is."""
        ends = before.tobytes(), after.tobytes()
        if ends != self._ends:
            path = Path(np.stack([before, after]), spherical=spherical_suits(prior))
            self._ends, self.images = ends, None
            self.inputs = path.frames(MORPH_STEPS, prior.limit)
            self._explorer.ask(Render(self.inputs), self.client)

    def forget(self) -> None:
        """G is another."""
        self._ends = self.inputs = self.images = None

    def take(self, answer: Answer) -> None:
        """An answer to this client's ``Render``."""
        if not answer.error and answer.asked.request.inputs is self.inputs:
            self.images = as_bytes(answer.value)
            self.made.emit()
