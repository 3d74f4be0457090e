"""Has G's samples of many z made ahead of time, a few in each request, and made again as G learns."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.latent.requests import Answer, Render, as_bytes
from ganstudio.latent.sample_cache import SampleCache, Stamp
from ganstudio.ui.explorer import ExplorerBridge

SLOW, QUICK = 0.05, 0.02
"""Seconds from question to answer: above, ask for fewer at once, so that a slider's request need not wait; below, for
more."""
FEWEST, MOST = 2, 64
RESTS = 3.0
"""Renewing what is on screen while G learns takes one part of time and leaves so many to others."""


@dataclass(frozen=True)
class Wants:
    """Keys whose samples somebody waits for, each list in the order of need."""

    soon: Sequence[Hashable] = ()
    """To be there, and of the newest G, at once: they are about to be shown."""
    shown: Sequence[Hashable] = ()
    """On screen: there at once, renewed as far as that leaves time for others."""
    later: Sequence[Hashable] = ()
    """To be there some time."""


class SampleFeed(QObject):
    """Keeps a ``SampleCache`` filled while it is active. One request is under way at a time.

    One key is *watched*: its sample is made anew whenever G has moved on, which is how the feed learns of it.
    """

    arrived = Signal()
    """Samples have come into the cache."""
    moved_on = Signal(object)
    """Another G answers: the ``Answer`` of the watched sample."""
    failed = Signal(str)
    """Why nothing comes, in a sentence."""

    def __init__(
        self,
        explorer: ExplorerBridge,
        client: str,
        wants: Callable[[], Wants],
        inputs: Callable[[list], np.ndarray],
        most_bytes: int = 256 << 20,
    ):
        """``wants`` says what is wanted now; ``inputs(keys)`` answers their z (n, dim) float32."""
        super().__init__()
        self.cache = SampleCache(most_bytes)
        self.answer: Answer | None = None
        """The watched sample's last answer."""
        self._explorer, self._client, self._watching = explorer, client, f"{client}.watched"
        self._wants, self._inputs = wants, inputs
        self._watched: Hashable | None = None
        self._seen: Stamp | None = None
        self._active = False
        self._asked: tuple[int, Sequence[Hashable]] | None = None
        self._size = 8
        self._renewing = 0.0  # when what is on screen may be renewed again
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.go_on)
        explorer.answered.connect(self._take)
        explorer.reopened.connect(self._reopened)

    @property
    def stamp(self) -> Stamp | None:
        """Of the G that answers now."""
        return self.cache.newest

    def set_active(self, active: bool) -> None:
        """Whether samples are wanted at all: a hidden panel wants none."""
        self._active = active
        self._explorer.follow(self._watching, active)
        if active:
            self.go_on()

    def forget(self) -> None:
        """The keys stand for other z: begin anew."""
        self.cache.clear()
        self._asked = self._watched = None  # what is under way belongs to the old ones

    def watch(self, key: Hashable) -> None:
        """Have this key's sample made now, and again whenever G has moved on."""
        self._watched = key
        if self._active:
            self._explorer.ask(Render(self._inputs([key])), self._watching)

    def go_on(self) -> None:
        """Ask for what is wanted most, unless something is under way."""
        if not self._active or self._asked is not None:
            return
        keys = self._next()
        if keys:
            self._asked = self._explorer.ask(Render(self._inputs(keys)), self._client), keys

    def _next(self) -> list[Hashable]:
        wants, cache = self._wants(), self.cache
        soon = cache.missing(wants.soon) or cache.missing(wants.shown) or cache.stale(wants.soon)
        if soon or (soon := cache.missing(wants.later)):
            return soon[: self._size]
        stale, wait = cache.stale(wants.shown), self._renewing - perf_counter()
        if stale and wait > 0:
            self._later.start(int(wait * 1000) + 1)
            return []
        return stale[: self._size]

    # what the explorer tells

    def _reopened(self) -> None:
        """Another G: its samples have nothing to do with those of the last one."""
        self.forget()
        self.answer = self._seen = None

    def _take(self) -> None:
        for answer in self._explorer.take(self._watching):
            self._take_watched(answer)
        for answer in self._explorer.take(self._client):
            if self._asked is not None and answer.asked.number == self._asked[0]:
                self._take_batch(answer, self._asked[1])
        self.go_on()

    def _take_watched(self, answer: Answer) -> None:
        if answer.error:
            self.failed.emit(answer.error)
            return
        stamp, watched = Stamp.of(answer), self._watched
        if watched is not None and np.array_equal(answer.asked.request.inputs, self._inputs([watched])):
            self.cache.put(watched, samples(answer)[0], stamp)
            self.answer = answer
            self.arrived.emit()
        else:
            self.cache.newest = stamp
        if stamp != self._seen:
            self._seen = stamp
            self.moved_on.emit(answer)

    def _take_batch(self, answer: Answer, keys: Sequence[Hashable]) -> None:
        self._asked = None
        took = perf_counter() - answer.asked.at
        if answer.error:
            self.failed.emit(answer.error)
            self._active = False
            return
        if took > SLOW:
            self._size = max(FEWEST, self._size // 2)
        elif took < QUICK:
            self._size = min(MOST, self._size * 2)
        self._renewing = perf_counter() + RESTS * took
        for key, sample in zip(keys, samples(answer), strict=True):
            self.cache.put(key, sample, Stamp.of(answer))
        self.arrived.emit()


def samples(answer: Answer) -> np.ndarray:
    """Of a ``Render``: images (N, H, W, C) uint8, or points (N, D) float32."""
    return as_bytes(answer.value) if answer.value.ndim == 4 else answer.value
