"""z as a person moves it, and G's answers to it: what stands behind the Directions panel. No widget."""

from collections.abc import Callable, Hashable

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.choices import MOST_PRINCIPAL, Sliders
from ganstudio.latent.directions import moved
from ganstudio.latent.position import Position
from ganstudio.latent.principal import FindDirections
from ganstudio.latent.requests import Answer, Draw, Prior, Render
from ganstudio.ui.studio import Studio

FIRST_SEED = 0
"""Of the sample that one begins with: always the same one."""


class Exploration(QObject):
    """Holds where z stands, asks the explorer, and passes its answers on. It asks for nothing while it sleeps.

    ``locked`` tells the directions (k, dim) along which draws and resets leave z as it is, ``sliders`` what is chosen
    to be moved when a G is first seen.
    """

    moved = Signal()
    """``position`` is another, or there is one at last."""
    prior_changed = Signal(object)
    """The ``Prior`` of the present G."""
    rendered = Signal(object)
    """An ``Answer`` to the ``Render`` of z."""
    searched = Signal(object)
    """An ``Answer`` to ``FindDirections``, also one on the way or with an error."""
    failed = Signal(str)
    """Why there is no image, in a sentence."""

    def __init__(self, studio: Studio, client: str, locked: Callable[[], np.ndarray], sliders: Callable[[], Sliders]):
        super().__init__()
        self.studio, self.explorer = studio, studio.explorer
        self.position: Position | None = None
        """None until G's prior is known."""
        self.prior: Prior | None = None
        self._client, self._locked, self._sliders = client, locked, sliders
        self._dice = np.random.default_rng()
        self._sent: tuple[np.ndarray, float] | None = None  # a sample that came before the prior was known
        self._awake = False
        self.explorer.answered.connect(self._take_answers)

    # what a person does

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32: the input of the image that is asked for; None before there is one."""
        if self.position is None or self.prior is None:
            return None
        return self.position.inputs(self.prior.limit)[0]

    def along(self, vector: np.ndarray, sigmas: np.ndarray) -> np.ndarray:
        """(n, dim) float32: what G would be fed with these coordinates (n,) along a direction, in σ."""
        assert self.position is not None
        assert self.prior is not None
        z, psi, std = self.position.z, self.position.truncation, self.prior.std
        places = [Position(moved(z, vector, sigma * std), psi) for sigma in sigmas]
        return np.concatenate([place.inputs(self.prior.limit) for place in places])

    def truncated(self, psis: np.ndarray) -> np.ndarray:
        """(n, dim) float32: what G would be fed with these ψ (n,)."""
        assert self.position is not None
        assert self.prior is not None
        return np.concatenate([Position(self.position.z, psi).inputs(self.prior.limit) for psi in psis])

    def draw(self) -> None:
        """A fresh z; locked coordinates stay."""
        self.explorer.ask(Draw(int(self._dice.integers(2**63))), self._client)

    def reset_all(self) -> None:
        """Back to the sample that z was moved from; locked coordinates stay."""
        self._do(lambda position: position.reset(self._locked()))

    def receive(self, z: np.ndarray, truncation: float = 1.0) -> bool:
        """Take a sample that is sent, to the bit. Answers False when it belongs to another G."""
        z = np.asarray(z)
        if self.position is None:
            self._sent = z, truncation
        elif z.shape == self.position.z.shape:
            self._do(lambda position: position.arrive(z, truncation))
        else:
            return False
        return True

    def move(self, vector: np.ndarray, sigmas: float, gesture: Hashable = None) -> None:
        """Give z this coordinate along a direction (dim,), in σ of the prior."""
        if self.prior is not None:
            std = self.prior.std
            self._do(lambda position: position.move(vector, sigmas * std, gesture))

    def reset(self, vector: np.ndarray) -> None:
        """Give z the coordinate along a direction (dim,) that it started from."""
        self._do(lambda position: position.move(vector, float(vector @ position.origin)))

    def truncate(self, psi: float, gesture: Hashable = None) -> None:
        """Feed G z drawn towards the prior's mean, by ψ = 0…1."""
        self._do(lambda position: position.truncate(psi, gesture))

    def shuffle(self) -> None:
        """Other random directions."""
        self._do(lambda position: position.shuffle(int(self._dice.integers(2**31))))

    def choose(self, sliders: Sliders) -> None:
        """Sliders move other directions, or have other locks; z stays."""
        if self.position is not None:
            self.position.choose(sliders)
            self.moved.emit()

    def rest(self) -> None:
        """The hand lets go: what comes next is a step of its own."""
        if self.position is not None:
            self.position.rest()

    def back(self) -> None:
        """To the place before."""
        self._do(Position.back)

    def forward(self) -> None:
        """To the place after."""
        self._do(Position.forward)

    def _do(self, change: Callable[[Position], None]) -> None:
        if self.position is not None:
            change(self.position)
            self._tell()

    def _tell(self) -> None:
        """z has changed: ask for its image and tell the others."""
        self._render()
        z = self.z
        if z is not None:
            self.studio.show_sample(z)
        self.moved.emit()

    # what is asked

    def wake(self, awake: bool) -> None:
        """Whether somebody looks: only then is anything asked for, and asked for again as G trains."""
        self._awake = awake
        self.explorer.follow(self._client, awake)

    def begin(self) -> None:
        """Ask for an image of z, or for a z to begin with, if somebody looks."""
        if not self._awake:
            return
        if self.position is None:
            self.explorer.ask(Draw(FIRST_SEED), self._client)
        else:
            self._render()

    def search(self) -> bool:
        """Look for principal directions of G. Answers False, and does not, while it sleeps."""
        if self._awake:
            self.explorer.ask(FindDirections(count=MOST_PRINCIPAL), self._client)
        return self._awake

    def give_up(self) -> None:
        """Look for principal directions no longer."""
        self.explorer.cancel(FindDirections, self._client)

    def _render(self) -> None:
        z = self.z
        if z is not None and self._awake:
            self.explorer.ask(Render(z[None]), self._client)

    # what is answered

    def _take_answers(self) -> None:
        for answer in self.explorer.take(self._client):
            if answer.prior is not None:
                self._take_prior(answer.prior)
            if isinstance(answer.asked.request, FindDirections):
                self.searched.emit(answer)
            elif answer.error:
                self._take_error(answer)
            elif isinstance(answer.asked.request, Draw):
                self._take_draw(answer.value[0])
            else:
                self.rendered.emit(answer)

    def _take_prior(self, prior: Prior) -> None:
        if prior != self.prior:
            if self.position is not None and len(self.position.z) != prior.dim:
                self.position = None
            self.prior = prior
            self.prior_changed.emit(prior)

    def _take_error(self, answer: Answer) -> None:
        if answer.prior is not None and self.position is None:  # z was another G's, and does not fit this one
            self.begin()
        else:
            self.failed.emit(answer.error)

    def _take_draw(self, z: np.ndarray) -> None:
        if self.position is None:
            sent, self._sent = self._sent, None
            first = sent if sent is not None and sent[0].shape == z.shape else (z, 1.0)
            self.position = Position(*first, self._sliders())
        else:
            self.position.draw(z, self._locked())
        self._tell()
