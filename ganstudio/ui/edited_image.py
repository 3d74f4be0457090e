"""The image that a sketch is made on: where it comes from, what it looks like as G trains, and the page about it."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from ganstudio.latent.edits import Edits, Page, Sheet
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Answer, Draw, Prior, Render, as_bytes
from ganstudio.ui.fitted import fitted
from ganstudio.ui.studio import Studio

POINTS = "This generator makes points, not images: there is nothing to paint on."
OTHERS = "That sample belongs to another generator."
NOT_YET = "There is no generator yet that could make this image."
FIRST_SEED = 0
"""Of the image that is edited where no other panel shows one: always the same."""


class EditedImage(QObject):
    """An image of G, or a picture from elsewhere, with the sheet of edits on it.

    It follows the sample in the Directions panel until something is asked of it or another image comes.
    """

    turned = Signal()
    """The page is about another image, which is there or will be."""
    painted = Signal()
    """The image looks different."""
    failed = Signal(str)
    """There is no image, and why."""

    def __init__(self, studio: Studio, client: str):
        super().__init__()
        self._studio, self._client = studio, client
        self._dice = np.random.default_rng()
        self.awake = False
        """Whether somebody looks; else nothing is asked for."""
        self.sheet: Sheet | None = None
        """None while there is no image."""
        self.prior: Prior | None = None
        """What G's input is like, once that is known."""
        self.pixels: np.ndarray | None = None
        """(H, W, C) uint8."""
        self.follows = True
        """Whether it is the sample in the Directions panel."""
        studio.sample_shown.connect(self._follow)

    @property
    def page(self) -> Page | None:
        """What is edited and what is asked of it; None while there is no image."""
        return None if self.sheet is None else self.sheet.page

    # from where it comes

    def begin(self) -> None:
        """Ask for what somebody who looks sees."""
        page, shown = self.page, self._studio.shown_z
        if not self.awake:
            return
        if self.follows and page is not None and page.edits.empty and shown is not None and self._may_fit(shown):
            self._follow(shown)
        elif page is not None:
            self._render(page.z)
        elif shown is not None:
            self._render(shown)
        else:
            self._studio.explorer.ask(Draw(FIRST_SEED), self._client)

    def reopen(self) -> None:
        """Another G. What is asked for stays where it fits, so that two of them can be compared."""
        self.prior = self.pixels = None
        if self.page is not None and self.page.z is None:
            self.sheet = None
        self.begin()

    def draw(self) -> None:
        """Begin with another image, drawn from the prior."""
        self._studio.explorer.ask(Draw(int(self._dice.integers(2**63))), self._client)

    def take(self, parcel: Parcel) -> str:
        """Edit the first of these samples. Answers why it cannot be, in a sentence, or nothing."""
        page = self.page
        if page is None or self.prior is None:
            return NOT_YET
        nothing = Edits.none(*page.edits.shape)
        if parcel.inputs is not None and parcel.inputs.shape[1] == self.prior.dim:
            self.put(Page(nothing, parcel.inputs[0].copy()), follows=False)
        elif parcel.images is not None:
            self.put(Page(nothing, None, fitted(parcel.images[0], page.edits.shape)), follows=False)
        else:
            return OTHERS
        return ""

    def put(self, page: Page, *, follows: bool) -> None:
        """Turn to a page about another image, with the way back."""
        if self.sheet is not None:
            self.follows = follows
            self.sheet.begin()
            self.sheet.put(page)
            self.turn()

    def step(self, forward: bool) -> bool:
        """Undo or redo. Answers whether the image is another, which has been told then."""
        if self.sheet is None:
            return False
        before = self.sheet.page
        if forward:
            self.sheet.redo()
        else:
            self.sheet.undo()
        now = self.sheet.page
        if now.z is before.z and now.picture is before.picture:
            return False
        self.follows = False
        self.turn()
        return True

    def _follow(self, z: np.ndarray) -> None:
        """The Directions panel shows another sample: edit that one, unless something is asked of this one already."""
        if not (self.awake and self.follows and self._may_fit(z)):
            return
        if self.sheet is None:
            self._render(z)
        elif self.sheet.page.edits.empty:
            self.sheet = Sheet(Page(self.sheet.page.edits, z.copy()))
            if self.pixels is None:  # this G has made none yet: there is nothing to show but what will be answered
                self._render(z)
            else:
                self.turn()

    def _may_fit(self, z: np.ndarray) -> bool:
        """Whether z is as long as G wants it; before that is known G's answer will tell."""
        return self.prior is None or z.shape == (self.prior.dim,)

    def turn(self) -> None:
        """The page is about another image."""
        page = self.page
        assert page is not None
        if page.z is None:
            self.pixels = page.picture
        self._render(page.z)
        self.turned.emit()

    def _render(self, z: np.ndarray | None) -> None:
        if self.awake and z is not None:
            self._studio.explorer.ask(Render(np.asarray(z, np.float32)[None]), self._client)

    # what is answered

    def take_answer(self, answer: Answer) -> None:
        """An answer to this client's ``Render`` or ``Draw``."""
        request = answer.asked.request
        self.prior = answer.prior or self.prior
        if answer.error:
            if isinstance(request, Render) and answer.prior is not None and request.inputs.shape[1] != answer.prior.dim:
                self.sheet = None  # z was another G's
                self._studio.explorer.ask(Draw(FIRST_SEED), self._client)
            else:
                self._fail(answer.error)
        elif isinstance(request, Draw):
            self._take_draw(answer.value[0])
        elif answer.value.ndim != 4:
            self._fail(POINTS)
        else:
            self._take_image(as_bytes(answer.value)[0], request.inputs[0])

    def _take_draw(self, z: np.ndarray) -> None:
        if self.sheet is None:
            self._render(z)
        else:
            self.put(Page(Edits.none(*self.sheet.page.edits.shape), z), follows=False)

    def _take_image(self, pixels: np.ndarray, z: np.ndarray) -> None:
        page = self.page
        if page is None or page.edits.shape != pixels.shape:  # the first one of this G
            self.sheet = Sheet(Page(Edits.none(*pixels.shape), z))
            self.pixels = pixels
            self.turned.emit()
        elif page.z is not None:
            first, self.pixels = self.pixels is None, pixels
            (self.turned if first else self.painted).emit()

    def _fail(self, sentence: str) -> None:
        self.sheet = self.pixels = None
        self.failed.emit(sentence)
