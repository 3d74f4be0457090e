"""The samples in A, B and C, those to pick from, and G's images of them and their sum: what stands behind the panel."""

from collections.abc import Callable, Hashable

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.arithmetic import Rows, Terms, rows_of
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Answer, Draw, Prior, Render, as_bytes
from ganstudio.latent.trail import Trail, Undoable
from ganstudio.ui.remaking import Remaking
from ganstudio.ui.studio import Studio

POOL = 16
"""Samples to pick from."""
FIRST_SEED = 1
"""Of those that one begins with: always the same ones."""
POOL_SECONDS = 2.0
"""How often they are made anew, while G trains and a sum is watched too."""


class Summing(QObject, Undoable[Terms]):
    """No widget. It asks the explorer for nothing while it sleeps."""

    changed = Signal()
    """``terms`` or ``pool`` are others."""
    summed = Signal(object, object, object)
    """``Terms``, their ``Rows``, and G's samples of those: images (n, H, W, C) uint8 or points (n, D) float32."""
    drawn = Signal(object, object)
    """The z (n, dim) of ``pool``, and G's samples of them, as above."""
    failed = Signal(str)
    """Why there are no images, in a sentence."""
    refused = Signal(str)
    """Why something that a person did has no effect, in a sentence."""

    def __init__(self, studio: Studio, client: str):
        super().__init__()
        self.studio, self.explorer = studio, studio.explorer
        self.prior: Prior | None = None
        """None before there is a G."""
        self.pool: np.ndarray | None = None
        """(n, dim) float32: the samples to pick from."""
        self._client, self._pool_client = client, f"{client}.pool"
        self._trail = Trail(Terms())
        self._seed = FIRST_SEED
        self._dice = np.random.default_rng()
        self._awake = False
        self.weights = ""
        """Whose weights the sum was made with, in words."""
        self._asked: tuple[int, Terms, Rows] | None = None
        self.remaking = Remaking(self._remake_pool, POOL_SECONDS)
        self.explorer.answered.connect(self._take_answers)
        self.explorer.reopened.connect(self._reopened)

    # what a person does

    @property
    def terms(self) -> Terms:
        """What is added up."""
        return self._trail.now

    def receive(self, slot: int, parcel: Parcel) -> bool:
        """Put samples into a slot. Answers False, and says why, when they are none of this G."""
        if parcel.inputs is None:
            self.refused.emit("That picture has no z. Project it in Invert first, and bring the projection here.")
            return False
        return self.add(slot, parcel.inputs)

    def add(self, slot: int, inputs: np.ndarray) -> bool:
        """Put samples, by their z (n, dim), into a slot; as ``receive``."""
        if self.prior is None:
            self.refused.emit("There is no generator yet; open a preset first.")
        elif inputs.shape[1] != self.prior.dim:
            words = f"That sample is another generator's: its z has {inputs.shape[1]} numbers, not {self.prior.dim}."
            self.refused.emit(words)
        else:
            return self.do(lambda terms: terms.added(slot, inputs))
        return False

    def do(self, change: Callable[[Terms], Terms], gesture: Hashable = None) -> bool:
        """Change the terms, so that it can be taken back. Answers False, and says why, when they refuse it."""
        try:
            self._trail.go(change(self.terms), gesture)
        except StudioError as error:
            self.refused.emit(f"{error}.")
            return False
        self._moved()
        return True

    def other_noise(self) -> None:
        """Draw the neighbours anew."""
        seed = int(self._dice.integers(2**31))
        self.do(lambda terms: terms.with_noise(terms.noise, seed))

    def set_noise(self, noise: float) -> None:
        """How far the neighbours lie away, in z's own units."""
        self.do(lambda terms: terms.with_noise(noise, terms.seed), "noise")

    def draw(self) -> None:
        """Other samples to pick from."""
        self._seed = int(self._dice.integers(2**63))
        self._ask_pool()

    def keep(self, name: str) -> NamedDirection | None:
        """Keep mean(A) − mean(B) under a name. Answers None, and says why, when it cannot be."""
        a, b, _ = self.terms.slots
        source = f"arithmetic: mean of {len(a)} less mean of {len(b)}"
        try:
            return self.studio.keepsakes.add_direction(NamedDirection.along(name, self.terms.step, source))
        except StudioError as error:
            self.refused.emit(f"{error.message[:1].upper()}{error.message[1:]}.")
            return None

    def _moved(self) -> None:
        self._render()
        self.changed.emit()

    # what is asked

    def wake(self, awake: bool) -> None:
        """Whether somebody looks: only then is anything asked for, and asked for again as G trains."""
        self._awake = awake
        self.explorer.follow(self._client, awake)
        if awake:
            self._begin()

    def _begin(self) -> None:
        if self.pool is None:
            self._ask_pool()
        else:
            self.explorer.ask(Render(self.pool), self._pool_client)
        self._render()

    def _ask_pool(self) -> None:
        if self._awake:
            self.explorer.ask(Draw(self._seed, POOL), self._pool_client)

    def _render(self) -> None:
        if not self._awake or self.prior is None:
            return
        if len(self.terms):
            rows = rows_of(self.terms, self.prior.limit)
            self._asked = self.explorer.ask(Render(rows.inputs), self._client), self.terms, rows
        else:
            # Of none there is nothing to see; yet an answer tells that G has moved on.
            nothing = np.zeros((1, self.prior.dim), np.float32)
            self._asked = None
            self.explorer.ask(Render(nothing), self._client)

    # what is answered

    def _reopened(self) -> None:
        """Another G. What was picked stays if it fits, so that two of them can be compared."""
        self.pool, self.prior, self._asked = None, None, None
        self.remaking.forget()
        self.changed.emit()
        if self._awake:
            self._ask_pool()

    def _take_answers(self) -> None:
        for answer in (*self.explorer.take(self._pool_client), *self.explorer.take(self._client)):
            if answer.prior is not None:
                self._take_prior(answer.prior)
            if answer.error:
                self.failed.emit(answer.error)
            elif answer.asked.client == self._client:
                self._take_sum(answer)
            elif isinstance(answer.asked.request, Draw):
                self.pool = answer.value
                self.explorer.ask(Render(self.pool), self._pool_client)
                self.changed.emit()
            else:
                self.remaking.made(answer)
                self.drawn.emit(answer.asked.request.inputs, shown(answer.value))

    def _take_sum(self, answer: Answer) -> None:
        if self._asked is not None and answer.asked.number == self._asked[0]:
            _, terms, rows = self._asked
            self.weights = answer.weights
            self.summed.emit(terms, rows, shown(answer.value))
        self.remaking.see(answer)

    def _remake_pool(self) -> None:
        """G has moved on."""
        if self._awake and self.pool is not None:
            self.explorer.ask(Render(self.pool), self._pool_client)

    def _take_prior(self, prior: Prior) -> None:
        if prior == self.prior:
            return
        self.prior = prior
        if any(len(z) != prior.dim for slot in self.terms.slots for z in slot):
            self._trail = Trail(Terms())
            words = f"The samples in A, B and C were another generator's: this one's z has {prior.dim} numbers."
            self.refused.emit(words)
        self._moved()


def shown(samples: np.ndarray) -> np.ndarray:
    """G's samples as they are shown: images (n, C, H, W) → (n, H, W, C) uint8; points (n, D) stay."""
    return as_bytes(samples) if samples.ndim == 4 else samples.reshape(len(samples), -1)
