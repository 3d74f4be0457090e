"""Fills the film strip with what the slider does that somebody looks at, and with nothing while nobody does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.latent.requests import Answer
from ganstudio.ui.explorer import ExplorerBridge
from ganstudio.ui.side_render import SideRender
from ganstudio.ui.widgets.film_strip import FilmStrip

HINT = "Point at a slider to see what it does"


@dataclass(frozen=True)
class Sweep:
    """What a slider would do from end to end."""

    title: str
    unit: str
    values: np.ndarray
    """(n,) of the slider, ascending."""
    inputs: np.ndarray
    """(n, dim) float32: what G would be fed."""
    value: float
    """Where the slider stands."""


class SliderPreview(QObject):
    """Follows the slider that the mouse came to, that got the focus or that was moved last.

    ``sweep(key)`` tells what a slider would do at the present z, or None; ``pictures(answer)`` what G makes of it.
    """

    cleared = Signal()
    """The strip shows no slider any more."""

    def __init__(
        self,
        explorer: ExplorerBridge,
        client: str,
        strip: FilmStrip,
        sweep: Callable[[int], Sweep | None],
        pictures: Callable[[Answer], Sequence[QImage]],
    ):
        super().__init__()
        self.key: int | None = None
        """The slider that the strip is about."""
        self._strip, self._sweep, self._pictures = strip, sweep, pictures
        self._looking: set[int | None] = set()  # sliders that are looked at; None is the strip
        self._answer: Answer | None = None
        self._side = SideRender(explorer, client)
        self._side.answered.connect(self._take)
        explorer.reopened.connect(self.refresh)
        strip.watched.connect(lambda watched: self.watch(None, watched))
        strip.say(HINT)

    def watch(self, key: int | None, watched: bool) -> None:
        """Somebody looks at a slider (None: at the strip), or no longer does."""
        (self._looking.add if watched else self._looking.discard)(key)
        if watched and key is not None:
            self.key = key
        self.refresh()

    def follow(self, key: int) -> None:
        """This slider was moved by hand."""
        if self._looking:
            self.key = key

    def refresh(self) -> None:
        """z, G or the sliders are others."""
        found = None if self.key is None else self._sweep(self.key)
        if found is None:
            self._clear()
            return
        self._strip.show_value(found.value)
        if self._looking:
            self._side.ask(found.inputs)
        elif not self._side.has(found.inputs):
            self._clear()
        else:
            self._side.follow(False)

    def redraw(self) -> None:
        """The theme is another: pictures may have other colours."""
        if self._answer is not None:
            self._take(self._answer)
        self._strip.update()

    def _clear(self) -> None:
        self._answer = None
        self._side.rest()
        self._strip.say(HINT)
        self.cleared.emit()

    def _take(self, answer: Answer) -> None:
        self._answer = answer
        found = None if self.key is None else self._sweep(self.key)
        if found is not None and self._side.has(found.inputs):
            self._strip.show_frames(found.title, self._pictures(answer), found.values, found.unit)
