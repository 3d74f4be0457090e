"""Keeps a window's neighbours up to date: asks when a person acts, and now and then as G learns."""

from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.latent.neighbours import CompareDistances, FindNeighbours
from ganstudio.latent.requests import Answer, Prior
from ganstudio.ui.studio import Studio

FIND = (40.0, 1.0, 15.0)
"""After G has learned, neighbours are looked for again when so many times the time that it took has passed, but no
sooner and no later than so many seconds."""
COMPARE = (60.0, 8.0, 120.0)
"""The same of the distances of many samples."""


class _Asking:
    """One kind of study: what was asked, and when it may be asked again."""

    def __init__(self, pace: tuple[float, float, float]):
        self._factor, self._least, self._most = pace
        self.number = -1
        self.busy = False
        self.partly = False
        """Something has come of it already."""
        self.due = True
        """It has to be asked anew as soon as possible."""
        self.step = -1
        self._begun = self._again = 0.0

    def asked(self, number: int) -> None:
        self.number, self.busy, self.partly, self.due = number, True, False, False
        self._begun = perf_counter()

    def answered(self, answer: Answer) -> None:
        """Take note of an answer."""
        self.step = answer.step
        self.partly = self.partly or answer.value is not None
        if answer.share == 1.0:
            now = perf_counter()
            self.busy = False
            self._again = now + min(self._most, max(self._least, self._factor * (now - self._begun)))

    def wait(self, step: int) -> float | None:
        """Seconds until it should be asked again now that G has made so many steps; None for not at all."""
        if self.due:
            return 0.0 if not self.busy or self.partly else None
        if self.busy or step == self.step:
            return None
        return max(0.0, self._again - perf_counter())


class NeighbourSearch(QObject):
    """Asks under a client's name while it is active. Of what is wanted the latest is always answered in the end."""

    found = Signal(object, object)
    """An ``Answer`` with ``Neighbours``, and the label of what was searched for; its features may be on their way."""
    compared = Signal(object)
    """An ``Answer`` with ``Distances``."""
    failed = Signal(str)
    """Why nothing can be found, in a sentence."""
    prior_known = Signal(object)
    """The ``Prior`` of the G that answers."""

    def __init__(self, studio: Studio, client: str):
        super().__init__()
        self._studio, self._explorer, self._client = studio, studio.explorer, client
        self._inputs: np.ndarray | None = None
        self._images: tuple[np.ndarray, ...] = ()
        self._label: object = None
        self._asked_label: object = None
        self._refresh = self._active = False
        self._finding, self._comparing = _Asking(FIND), _Asking(COMPARE)
        self._prior: Prior | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        self._explorer.answered.connect(self._take)
        studio.status_changed.connect(self._go_on)

    def set_active(self, active: bool) -> None:
        """Whether anybody looks. What is under way ends; nothing new is asked for."""
        self._active = active
        self._go_on()

    def want(self, inputs: np.ndarray | None, images: tuple[np.ndarray, ...], label: object) -> None:
        """Find the neighbours of these, as ``FindNeighbours`` has them; ``label`` comes back with what is found."""
        self._inputs, self._images, self._label = inputs, images, label
        self._finding.due = True
        self._go_on()

    def refresh(self) -> None:
        """Look through the eyes of D as it is now."""
        self._refresh = self._finding.due = True
        self._go_on()

    def look_again(self) -> None:
        """Another G is to be seen."""
        self._finding.due = self._comparing.due = True
        self._go_on()

    def begin_anew(self) -> None:
        """Nothing that was asked for will be answered: another trainer is open."""
        self._inputs, self._images, self._refresh, self._prior = None, (), False, None
        self._finding, self._comparing = _Asking(FIND), _Asking(COMPARE)

    def _go_on(self, _: object = None) -> None:
        if not self._active:
            return
        waits = []
        if self._inputs is not None or self._images:
            wait = self._finding.wait(self._studio.status.step)
            if wait == 0.0:
                patient = not self._finding.due  # G has learned: nobody waits
                request = FindNeighbours(self._inputs, self._images, refresh=self._refresh, patient=patient)
                self._refresh, self._asked_label = False, self._label
                self._finding.asked(self._explorer.ask(request, self._client))
            elif wait is not None:
                waits.append(wait)
        # What stands in the table comes first.
        if self._finding.step >= 0:
            wait = self._comparing.wait(self._studio.status.step)
            if wait == 0.0:
                self._comparing.asked(self._explorer.ask(CompareDistances(), self._client))
            elif wait is not None:
                waits.append(wait)
        if waits:
            self._timer.start(int(1000 * min(waits)) + 1)

    def _take(self) -> None:
        for answer in self._explorer.take(self._client):
            if answer.prior is not None and answer.prior != self._prior:
                self._prior = answer.prior
                self.prior_known.emit(answer.prior)
            finding = isinstance(answer.asked.request, FindNeighbours)
            asking = self._finding if finding else self._comparing
            if answer.asked.number != asking.number:
                continue
            asking.answered(answer)
            if answer.error:
                self.failed.emit(answer.error)
            elif answer.value is not None and finding:
                self.found.emit(answer, self._asked_label)
            elif answer.value is not None:
                self.compared.emit(answer)
        self._go_on()
