"""What the Invert panel searches and has found: the case at hand, those before it, and what G makes of them now."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.inversion import LIKELY, Fit, Invert, OwnSample, Projection, Subject
from ganstudio.latent.requests import Answer, Draw, Prior, Render, as_bytes
from ganstudio.ui.explorer import ExplorerBridge

CLOUD = 400
"""Samples of G drawn around a point; the first of them tells what G makes."""
MOST_REMEMBERED = 50


@dataclass(frozen=True, eq=False)
class Case:
    """Something that was inverted."""

    subject: Subject
    found: Projection
    caption: str
    """Which G the projection is of."""


@dataclass(frozen=True)
class Wishes:
    """What a person has chosen for every search, as in ``Invert``."""

    fit: Fit = "crop"
    background: tuple[int, int, int] = (255, 255, 255)
    negative: bool = False
    likely: float = LIKELY
    encoder: str = ""


class Inverting(QObject):
    """Searches only when it is told to. While ``active`` the projection is made anew as G learns."""

    changed = Signal()
    """``case``, ``share`` or what can be done are others."""
    known = Signal()
    """It is known what this G makes: ``prior``, ``points`` and ``cloud`` are there."""
    lost = Signal()
    """Another G is open: nothing that was found is a projection any more."""
    failed = Signal(str)
    """Why a search found nothing, in a sentence."""
    unseen = Signal(str)
    """Why nothing can be shown at all, in a sentence."""

    def __init__(self, explorer: ExplorerBridge, client: str):
        super().__init__()
        self._explorer, self._client = explorer, client
        self.prior: Prior | None = None
        """None until it is known."""
        self.points = False
        """Whether G makes points."""
        self.cloud = np.zeros((0, 2), np.float32)
        """(N, D): samples of G where it makes points."""
        self.subject: Subject | None = None
        """What was searched for last."""
        self.case: Case | None = None
        self.share: float | None = None
        """How much of the search is done, 0…1; None while none is going on."""
        self._cases: list[Case] = []
        self._here = -1
        self._number = -1  # of the search whose answers count
        self._active = False
        self._drawn = np.zeros((0, 0), np.float32)  # z of the cloud
        self._dice = np.random.default_rng()
        explorer.answered.connect(self._take)
        explorer.reopened.connect(self._reopened)

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32 that was found; None while there is none."""
        return self.case.found.z if self.case is not None else None

    # what a person does

    def set_active(self, active: bool) -> None:
        """Whether somebody looks."""
        self._active = active
        self._explorer.follow(self._client, active)
        self._begin()

    def search(self, subject: Subject, wishes: Wishes, *starts: np.ndarray) -> None:
        """Search the z of a subject, from these z (dim,) as well."""
        self.subject = subject
        request = Invert(
            subject,
            fit=wishes.fit,
            background=wishes.background,
            negative=wishes.negative,
            likely=wishes.likely,
            seed=self.roll(),
            starts=starts,
            encoder=wishes.encoder,
        )
        self._number = self._explorer.ask(request, self._client)
        self.share = 0.0
        self.changed.emit()

    def search_on(self, wishes: Wishes) -> None:
        """The same again, from other starts and from the best so far; or what was cancelled, or of another G."""
        if self.subject is not None:
            mine = self.case is not None and self.case.subject is self.subject and self.z is not None
            self.search(self.subject, wishes, *([self.z] if mine else []))

    def cancel(self) -> None:
        """End the search with what it has found."""
        if self.share is not None:
            self._explorer.cancel(Invert, self._client)
            self._end()
            self.changed.emit()

    def roll(self) -> int:
        """A seed."""
        return int(self._dice.integers(2**62))

    def some_z(self) -> np.ndarray | None:
        """(dim,) float32 drawn from the prior; None before it is known."""
        return self._drawn[self._dice.integers(len(self._drawn))].copy() if len(self._drawn) else None

    # the way back

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier case."""
        return self._here > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a step back was made."""
        return self._here < len(self._cases) - 1

    def step(self, way: int) -> None:
        """To the case before (−1) or after (1), if there is one."""
        if 0 <= self._here + way < len(self._cases):
            self.cancel()
            self._here += way
            self.case = self._cases[self._here]
            self.subject = self.case.subject
            self.changed.emit()
            self._render()

    def _end(self) -> None:
        """No search is going on; what it has found is the newest case."""
        self._number, self.share = -1, None
        case = self.case
        if case is None or case.found.z is None or case.subject is not self.subject:
            return
        before = self._cases[self._here] if self._here >= 0 else None
        same = before is not None and before.subject is case.subject
        self._cases = [*self._cases[: self._here + (not same)], case][-MOST_REMEMBERED:]
        self._here = len(self._cases) - 1

    # what the explorer tells

    def _begin(self) -> None:
        if self._active:
            self._explorer.ask(Draw(0, CLOUD), self._client)

    def _render(self) -> None:
        if self.z is not None and self._active:
            self._explorer.ask(Render(self.z[None]), self._client)

    def _reopened(self) -> None:
        self._number, self.share, self.case, self.prior = -1, None, None, None
        self._cases, self._here = [], -1
        if isinstance(self.subject, OwnSample):
            self.subject = None  # its z was the other G's
        self.lost.emit()
        self._begin()

    def _take(self) -> None:
        for answer in self._explorer.take(self._client):
            if answer.prior is not None:
                self.prior = answer.prior
            request = answer.asked.request
            if isinstance(request, Invert):
                self._take_search(answer)
            elif answer.error:
                self.unseen.emit(answer.error)
            elif isinstance(request, Draw):
                self._drawn = answer.value
                self._explorer.ask(Render(self._drawn[:1]), self._client)
            else:
                self._take_samples(answer, request.inputs)

    def _take_search(self, answer: Answer) -> None:
        if answer.asked.number != self._number:
            return
        if answer.error:
            self._number, self.share = -1, None
            self.failed.emit(answer.error)
        else:
            self.case = Case(answer.asked.request.subject, answer.value, answer.weights)
            self.share = answer.share
            if answer.share == 1:
                self._end()
                self._render()
        self.changed.emit()

    def _take_samples(self, answer: Answer, inputs: np.ndarray) -> None:
        case = self.case
        if self.z is not None and np.array_equal(inputs[0], self.z):
            if case is not None and self.share is None:
                self.case = replace(case, found=remade(case.found, answer.value[0]), caption=answer.weights)
                self.changed.emit()
        elif answer.value.ndim == 2 and len(answer.value) == 1 < len(self._drawn):
            self._explorer.ask(Render(self._drawn), self._client)
        else:
            self.points = answer.value.ndim == 2
            if self.points:
                self.cloud = answer.value
            self.known.emit()
            if not answer.asked.again:
                self._render()


def remade(found: Projection, sample: np.ndarray) -> Projection:
    """The same z, of which G now makes ``sample``: (C, H, W) in [−1, 1], or (D,)."""
    if sample.ndim == 1:
        return replace(found, sample=sample, mse=float(np.square(sample - found.target).mean()))
    error = np.square((sample.transpose(1, 2, 0).astype(np.float64) + 1) / 2 - found.target / 255).mean()
    return replace(found, sample=as_bytes(sample[None])[0], mse=float(error))
