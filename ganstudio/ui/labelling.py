"""Samples, their labels, and the direction that is fitted to these: what stands behind the Label panel. No widget."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.directions import moved, within
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.latent.labelling import LEAST, FitLabels, Labelled
from ganstudio.latent.labels import Labels
from ganstudio.latent.opinions import AskJudge, Opinion, sure
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Answer, Draw, Prior, Render
from ganstudio.latent.trail import Trail, Undoable
from ganstudio.metrics.judges import JUDGES, Judge
from ganstudio.ui.remaking import Remaking
from ganstudio.ui.studio import Studio
from ganstudio.ui.summing import shown

PAGE = 48
"""Samples to be labelled that are made at once."""
FIRST_SEED = 2
"""Of those that one begins with: always the same ones."""
MOST_SHOWN = 24
"""Samples of either side that are shown: the latest."""
PAGE_SECONDS = 2.0
"""How often what is shown is made anew while G trains."""
COORDINATES = np.linspace(-3, 3, 7)
"""σ along the direction at which the strip shows the present sample."""


class Labelling(QObject, Undoable[Labels]):
    """It asks for nothing while it sleeps. Labels belong to one G: another one begins without."""

    changed = Signal()
    """``labels``, ``found`` or what is going on are others."""
    page_drawn = Signal(object, object)
    """The z (n, dim) of samples to be labelled, and G's samples: images (n, H, W, C) uint8 or points (n, D)."""
    sides_drawn = Signal(object, object)
    """The samples of those that have it, and of those that have not, as in ``side``."""
    strip_drawn = Signal(object, object)
    """The z (7, dim) at ``COORDINATES`` along the direction, and G's samples of them."""
    failed = Signal(str)
    """Why there are no samples, in a sentence."""
    refused = Signal(str)
    """Why something that a person did has no effect, in a sentence."""
    judged = Signal(str)
    """A classifier has labelled samples by this attribute."""

    def __init__(self, studio: Studio, client: str):
        super().__init__()
        self.studio, self.explorer = studio, studio.explorer
        self.prior: Prior | None = None
        """None before there is a G."""
        self.page: np.ndarray | None = None
        """(n, dim) float32: the samples to be labelled."""
        self.found: Labelled | None = None
        """What the present labels give; None while they are too few, or it is not known yet."""
        self.problem = ""
        """Why the present labels give nothing, in a sentence."""
        self.judging: float | None = None
        """How much of a classifier's work is done, 0…1; None while none works."""
        self.weights = ("", "")
        """Whose weights the samples were made with, in words, and in fewer."""
        self._client = client
        self._page, self._sides, self._strip = (f"{client}.{part}" for part in ("page", "sides", "strip"))
        self._trail = Trail(Labels())
        self._seed = FIRST_SEED
        self._dice = np.random.default_rng()
        self._awake = False
        self._fit: int | None = None
        self._judge: tuple[int, AskJudge] | None = None
        self._shown_sides = (0, 0)  # number of the request, and how many of its samples have it
        self.remaking = Remaking(self._remake, PAGE_SECONDS)
        self.explorer.answered.connect(self._take_answers)
        self.explorer.reopened.connect(self._reopened)
        studio.sample_shown.connect(lambda _: self._render_strip())

    # what a person does

    @property
    def labels(self) -> Labels:
        """What has been said of which samples."""
        return self._trail.now

    @property
    def judge(self) -> Judge | None:
        """Who can label samples of the open experiment automatically."""
        experiment = self.studio.experiment
        return JUDGES.get(experiment.data.kind) if experiment is not None else None

    def label(self, z: np.ndarray, has: bool | None) -> None:
        """Say that a sample (dim,) has the attribute, or has not; None says nothing of it any more."""
        self.do(lambda labels: labels.without(z) if has is None else labels.given(z[None], [has]))

    def receive(self, has: bool, parcel: Parcel) -> None:
        """Take samples that were dropped or pasted as ones that have it, or have not."""
        if parcel.inputs is None:
            self.refused.emit("That picture has no z. Project it in Invert first, and bring the projection here.")
        elif self.prior is None:
            self.refused.emit("There is no generator yet; open a preset first.")
        elif parcel.inputs.shape[1] != self.prior.dim:
            dims = f"its z has {parcel.inputs.shape[1]} numbers, not {self.prior.dim}"
            self.refused.emit(f"That sample is another generator's: {dims}.")
        else:
            self.do(lambda labels: labels.given(parcel.inputs, [has] * len(parcel.inputs)))

    def do(self, change: Callable[[Labels], Labels]) -> None:
        """Change the labels, so that it can be taken back."""
        try:
            self._trail.go(change(self.labels))
        except StudioError as error:
            self.refused.emit(f"{error.message[:1].upper()}{error.message[1:]}.")
        else:
            self._moved()

    def draw(self) -> None:
        """Other samples to be labelled; those with labels keep them."""
        self._seed = int(self._dice.integers(2**63))
        self._ask_page()

    def ask_judge(self, attribute: str) -> None:
        """Have the classifier label samples by this attribute, in place of all labels that there are."""
        experiment = self.studio.experiment
        if experiment is None or self.prior is None or self.judge is None:
            return
        request = AskJudge(experiment.data.kind, attribute, int(self._dice.integers(2**63)))
        self._judge, self.judging = (self.explorer.ask(request, self._client), request), 0.0
        self.changed.emit()

    def give_up(self) -> None:
        """Have the classifier work no longer."""
        self.explorer.cancel(AskJudge, self._client)
        self._judge = self.judging = None
        self.changed.emit()

    def keep(self, name: str) -> NamedDirection | None:
        """Keep the direction under a name. Answers None, and says why, when it cannot be."""
        found = self.found
        if found is None:
            return None
        source = f"{found.have} samples with and {found.have_not} without, labelled {self.labels.who()}"
        try:
            direction = NamedDirection(name, found.vector, source, found.accuracy, found.strength)
            return self.studio.keepsakes.add_direction(direction)
        except StudioError as error:
            self.refused.emit(f"{error.message[:1].upper()}{error.message[1:]}.")
            return None

    # where the present sample stands

    @property
    def present(self) -> np.ndarray | None:
        """(dim,) the sample in Directions; the first to be labelled where that fits no G of this prior."""
        z = self.studio.shown_z
        if self.prior is not None and z is not None and z.shape == (self.prior.dim,):
            return z
        return None if self.page is None else self.page[0]

    @property
    def coordinate(self) -> float:
        """Of the present sample along the direction, in σ."""
        z = self.present
        if self.found is None or self.prior is None or z is None:
            return 0.0
        return float(self.found.vector @ z) / self.prior.std

    def at(self, sigmas: float) -> np.ndarray:
        """(dim,) float32: the present sample at this coordinate along the direction, in σ."""
        assert self.found is not None
        assert self.prior is not None
        assert self.present is not None
        z = moved(self.present.astype(np.float64), self.found.vector, sigmas * self.prior.std)
        return within(z, self.prior.limit).astype(np.float32)

    # what is asked

    def wake(self, awake: bool) -> None:
        """Whether somebody looks: only then is anything asked for, and asked for again as G trains."""
        self._awake = awake
        self.explorer.follow(self._client, awake)
        if not awake:
            return
        if self.page is None:
            self._ask_page()
        else:
            self._render_all()

    def _ask_page(self) -> None:
        if self._awake:
            self.explorer.ask(Draw(self._seed, PAGE), self._page)

    def _render_all(self) -> None:
        self._watch()
        if self.page is not None and self._awake:
            self.explorer.ask(Render(self.page), self._page)
        self._render_sides()
        self._render_strip()

    def _watch(self) -> None:
        """One sample that is made anew whenever G has moved on, to learn of it."""
        if self._awake and self.prior is not None:
            self.explorer.ask(Render(np.zeros((1, self.prior.dim), np.float32)), self._client)

    def _render_sides(self) -> None:
        if not self._awake or self.prior is None:
            return
        if not len(self.labels):
            self._shown_sides = 0, 0
            nothing = np.zeros((0, self.prior.dim), np.float32), None
            self.sides_drawn.emit(nothing, nothing)
            return
        sides = [self.labels.side(has)[:MOST_SHOWN] for has in (True, False)]
        z = np.concatenate([side.reshape(-1, self.prior.dim) for side in sides])
        self._shown_sides = self.explorer.ask(Render(z), self._sides), len(sides[0])

    def _render_strip(self) -> None:
        if self._awake and self.found is not None and self.present is not None:
            self.explorer.ask(Render(np.stack([self.at(sigmas) for sigmas in COORDINATES])), self._strip)

    def _moved(self) -> None:
        """The labels are others: the direction is due."""
        labels, self.found, self.problem = self.labels, None, ""
        if min(labels.count(True), labels.count(False)) >= LEAST and self.prior is not None:
            self._fit = self.explorer.ask(FitLabels(labels.inputs, labels.has, self.prior.std), self._client)
        else:
            self._fit = None
            self.explorer.cancel(FitLabels, self._client)
        self._render_sides()
        self.changed.emit()

    # what is answered

    def _reopened(self) -> None:
        """Another G: nothing that was said is of its samples."""
        if len(self.labels):
            self.refused.emit("The labels were of another generator's samples; this one begins without.")
        self._trail, self.found, self.problem = Trail(Labels()), None, ""
        self.page = self.prior = self.judging = self._fit = self._judge = None
        self.remaking.forget()
        self.weights = ("", "")
        self.changed.emit()
        self._ask_page()

    def _take_answers(self) -> None:
        for client in (self._page, self._sides, self._strip, self._client):
            for answer in self.explorer.take(client):
                if answer.prior is not None and answer.prior != self.prior:
                    self.prior = answer.prior
                    self._watch()
                    self.changed.emit()
                self._take(answer)

    def _take(self, answer: Answer) -> None:
        request, client = answer.asked.request, answer.asked.client
        if isinstance(request, FitLabels):
            self._take_fit(answer)
        elif isinstance(request, AskJudge):
            self._take_opinion(answer)
        elif answer.error:
            self.failed.emit(answer.error)
        elif isinstance(request, Draw):
            self.page = answer.value
            self._render_all()
        elif client == self._client:
            self.remaking.see(answer)
        elif client == self._page:
            self.remaking.made(answer)
            self.weights = answer.weights, answer.briefly
            self.page_drawn.emit(request.inputs, shown(answer.value))
        elif client == self._sides:
            number, have = self._shown_sides
            if answer.asked.number == number:
                z, samples = request.inputs, shown(answer.value)
                self.sides_drawn.emit((z[:have], samples[:have]), (z[have:], samples[have:]))
        else:
            self.strip_drawn.emit(request.inputs, shown(answer.value))

    def _remake(self) -> None:
        """G has moved on: what is shown is made anew."""
        if self._awake and self.page is not None:
            self.explorer.ask(Render(self.page), self._page)
            self._render_sides()
            self._render_strip()

    def _take_fit(self, answer: Answer) -> None:
        if answer.asked.number != self._fit:
            return
        before, self.found, self.problem = self.found, answer.value, answer.error
        if before is None:
            self._render_strip()
        if before is None or answer.share == 1:
            self.changed.emit()

    def _take_opinion(self, answer: Answer) -> None:
        if self._judge is None or answer.asked.number != self._judge[0]:
            return
        attribute, judge = self._judge[1].attribute, self.judge
        self.judging = answer.share if answer.share < 1 and not answer.error else None
        if answer.error:
            self.refused.emit(answer.error)
        elif answer.share == 1 and judge is not None:
            opinion: Opinion = answer.value
            known = sure(opinion.probability)
            has = opinion.probability > 0.5
            self._judge, self.page = None, opinion.inputs[:PAGE]
            self._render_all()
            self.do(lambda _: Labels().given(opinion.inputs[known], has[known], judge.name))
            self.judged.emit(attribute)
        self.changed.emit()
