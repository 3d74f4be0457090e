"""The window's end of a sketch's search: asks no faster than it is answered, and goes on from what was found."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.edits import Page
from ganstudio.latent.requests import Answer
from ganstudio.latent.sketching import Candidates, FindSketched, Weights
from ganstudio.ui.explorer import ExplorerBridge


class SketchSearch(QObject):
    """One sketch's candidates, and which of them is chosen."""

    changed = Signal()
    """Other candidates, another choice, or the search has got on."""

    def __init__(self, explorer: ExplorerBridge, client: str):
        super().__init__()
        self._explorer, self._client = explorer, client
        self._sent: FindSketched | None = None
        self._wanted: tuple[Page, Weights] | None = None  # to be asked once there is an answer to what was
        self._answered = True
        self._seed = 0
        self._chosen = -1  # the id of the candidate that a person chose; −1 follows the best
        self.candidates: Candidates | None = None
        self.rank = 0
        """Of the chosen candidate, from 0."""
        self.share = 1.0
        """How much of the search is done; 1 when there is none."""
        self.said = ""
        """Whose weights were searched, or why nothing was found."""

    # what a person does

    def ask(self, page: Page, weights: Weights) -> None:
        """Search for what this page asks, from the candidates that there are.

        While a brush moves, a request waits for the first answer to the one before it: each comes to something.
        """
        self._wanted = (page, weights)
        if self._answered:
            self._send()

    def forget(self) -> None:
        """No search, no candidates."""
        self.stop()
        self.candidates, self._chosen, self.rank, self.said = None, -1, 0, ""
        self.changed.emit()

    def stop(self) -> None:
        """Give the search up; what was found stays."""
        self._explorer.cancel(FindSketched, self._client)
        self._sent = self._wanted = None
        self._answered, self.share = True, 1.0

    def choose(self, rank: int) -> None:
        """Choose the candidate of this rank; it stays chosen as ranks change."""
        if self.candidates is not None and 0 <= rank < len(self.candidates.ids):
            self.rank, self._chosen = rank, int(self.candidates.ids[rank])
            self.changed.emit()

    @property
    def chosen(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The chosen candidate's z (dim,) float32 and image (H, W, C) uint8; the best one's until somebody chooses."""
        if self.candidates is None:
            return None
        return self.candidates.inputs[self.rank], self.candidates.images[self.rank]

    # answers

    def take(self, answer: Answer) -> None:
        """An answer to this client's ``FindSketched``."""
        if answer.asked.request is not self._sent:
            return
        self._answered, self.share = True, answer.share
        if answer.error:
            self.said, self.share = answer.error, 1.0
        else:
            self.said = answer.weights
            if answer.value is not self.candidates:
                self._show(answer.value)
        if self._wanted is not None:
            self._send()
        self.changed.emit()

    def _send(self) -> None:
        assert self._wanted is not None
        page, weights = self._wanted
        starts = None
        if self.candidates is not None:
            starts = self.candidates.inputs
            if page.z is not None and page.z.shape != starts.shape[1:]:
                starts = None
        if self._chosen >= 0:
            self._chosen = self.rank if starts is not None else -1  # starts are counted by their ranks
        self._seed += 1
        self._sent = FindSketched(page.edits, self._seed, page.z, page.picture, starts, weights)
        self._wanted, self._answered, self.share = None, False, 0.0
        self._explorer.ask(self._sent, self._client)

    def _show(self, found: Candidates) -> None:
        before, self.candidates = self.chosen, found
        self.rank = 0
        if self._chosen < 0 or before is None:
            return
        ranks = np.flatnonzero(found.ids == self._chosen)
        if not len(ranks):  # it came too near to a better one, which takes its place
            differences = np.abs(found.images.astype(np.float32) - before[1]).reshape(len(found.images), -1).sum(1)
            ranks = differences.argmin(keepdims=True)
        self.rank = int(ranks[0])
        self._chosen = int(found.ids[self.rank])
