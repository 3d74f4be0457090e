"""A walk on screen: its player and its strip of frames, both fed from memory ahead of time."""

from time import perf_counter

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ganstudio.latent.parcel import Parcel
from ganstudio.latent.paths import Path
from ganstudio.latent.requests import Answer, Draw, Render
from ganstudio.ui.sample_feed import SampleFeed, Wants
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.sample_source import SampleSource
from ganstudio.ui.widgets.walk_player import WalkPlayer
from ganstudio.ui.widgets.walk_strip import WalkStrip

CLIENT, CLOUD = "walk", "walk.cloud"
SOON = 12
"""Frames ahead that are renewed while the walk plays and G learns."""
CLOUD_SEED, CLOUD_SIZE = 1, 600
TALL = 1.15
"""Width over height from which player and strip are beside each other."""


class WalkPage(QWidget):
    """Plays a ``Path``. Frames are rendered in batches into a cache, and painted from there."""

    began = Signal()
    """The first frame is there."""
    failed = Signal(str)
    """Why there are no frames."""

    def __init__(self, owner: QWidget, studio: Studio):
        """``owner`` is the panel whose keys play and pause."""
        super().__init__()
        self._explorer = studio.explorer
        self.path: Path | None = None
        self.z = np.zeros((0, 0), np.float32)
        """(count, dim) float32: G's input of every frame."""
        self._each = 1
        self._active = False
        self._points = False
        self.feed = SampleFeed(studio.explorer, CLIENT, self._wants, self._inputs)
        self.player = WalkPlayer(owner, self._ready, self._show)
        self.strip = WalkStrip(self.feed.cache.get, self.parcel)
        SampleSource(self.player.view, lambda: self.parcel(self.player.position))
        SampleSource(self.player.plane, lambda: self.parcel(self.player.position))
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(10)
        self._body.addWidget(self.player, 9)
        self._body.addWidget(self.strip, 11)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(self._body, 1)
        layout.addWidget(self.player.bar)
        self.feed.arrived.connect(self._arrived)
        self.feed.moved_on.connect(self._moved_on)
        self.feed.failed.connect(self.failed)
        self.player.seeked.connect(self.feed.watch)
        self.player.position_changed.connect(self.strip.show_here)
        self.player.playing_changed.connect(self._playing)
        self.strip.frame_chosen.connect(self._choose)
        self.strip.rearranged.connect(self.feed.go_on)
        self._explorer.answered.connect(self._take_cloud)

    # what is shown

    def show_path(self, path: Path, each: int, limit: float) -> None:
        """Walk along a path with ``each`` frames to a stretch."""
        self.path, self._each = path, each
        self.z = path.frames(each, limit)
        self.feed.forget()
        self.player.show_walk(len(self.z), each)
        self.player.set_enabled(True)
        self.player.play.set_enabled(self._active)
        self._arrange_strip()
        self._begin()

    def say(self, sentence: str) -> None:
        """Show words instead."""
        self.path, self.z = None, np.zeros((0, 0), np.float32)
        self.feed.forget()
        self.player.set_enabled(False)
        self.player.pictures.setCurrentWidget(self.player.view)
        self.player.view.say(sentence)
        self.strip.say("")

    def set_active(self, active: bool) -> None:
        """Whether it is in view; else it costs nothing."""
        self._active = active
        if not active:
            self.player.pause()
        self.player.play.set_enabled(active and self.path is not None)
        self.feed.set_active(active and self.path is not None)
        self._explorer.follow(CLOUD, active)
        self._begin()

    def _begin(self) -> None:
        if self._active and self.path is not None:
            self.feed.set_active(True)
            self.feed.watch(self.player.position)
            self.feed.go_on()

    def parcel(self, frame: int) -> Parcel | None:
        """A frame to be carried away: its z, and its image where there is one."""
        if not 0 <= frame < len(self.z):
            return None
        sample = self.feed.cache.get(frame)
        image = None if sample is None or sample.ndim == 1 else sample[None]
        return Parcel(self.z[frame : frame + 1].copy(), image)

    @property
    def anchor_frames(self) -> list[int]:
        """Which frames are anchors."""
        return [] if self.path is None else [i * self._each for i in range(len(self.path.anchors))]

    def words(self, frame: int) -> str:
        """Where on the path a frame is: an anchor, or between which two."""
        if self.path is None:
            return ""
        stretch, off = divmod(frame, self._each)
        if not off:
            return f"anchor {stretch + 1}"
        return f"{stretch + 1} → {(stretch + 1) % len(self.path.anchors) + 1}"

    # the feed

    def _wants(self) -> Wants:
        count = len(self.z)
        if not count:
            return Wants()
        here = self.player.position
        rest = [*range(here, count), *range(here)]
        # A curve is on screen as a whole; of pictures only those of the strip are.
        return Wants(self.player.ahead(SOON), rest if self._points else self.strip.keys, rest)

    def _inputs(self, frames: list[int]) -> np.ndarray:
        return self.z[frames]

    def _ready(self, frame: int) -> bool:
        return self.feed.cache.get(frame) is not None

    def _arrived(self) -> None:
        sample = self.feed.cache.get(self.player.position)
        if sample is not None:
            self._take_kind(sample.ndim == 1)
            self.began.emit()
        if not self.player.playing:
            self._show(self.player.position)
        if self._points:
            self._draw_curve()
        self.strip.update()

    def _take_kind(self, points: bool) -> None:
        """Whether G makes points; then the walk is a curve."""
        if points != self._points:
            self._points = points
            self._arrange_strip()
        self.player.pictures.setCurrentWidget(self.player.plane if points else self.player.view)

    def _moved_on(self, answer: Answer) -> None:
        if answer.value is not None and answer.value.ndim == 2 and self._active:
            self._explorer.ask(Draw(CLOUD_SEED, CLOUD_SIZE), CLOUD)

    def _take_cloud(self) -> None:
        for answer in self._explorer.take(CLOUD):
            if answer.error:
                continue
            if isinstance(answer.asked.request, Draw):
                self._explorer.ask(Render(answer.value), CLOUD)
            elif answer.value.ndim == 2:
                self.player.plane.show_cloud(answer.value)

    # showing

    def _arrange_strip(self) -> None:
        if self.path is not None:
            self.strip.show_path(len(self.path.anchors), self.path.stretches, self._each, pictures=not self._points)

    def _show(self, frame: int) -> None:
        sample, answer = self.feed.cache.get(frame), self.feed.answer
        if sample is None or answer is None:
            return
        words = f"{self.words(frame)} · {'live' if answer.live else 'EMA'} weights after step {answer.step:,}"
        if sample.ndim == 1:
            self.player.plane.show_here(frame, words)
        else:
            self.player.view.show_image(sample, words, perf_counter())

    def _draw_curve(self) -> None:
        cache = self.feed.cache
        known = [(frame, cache.get(frame)) for frame in range(len(self.z))]
        size = next((len(point) for _, point in known if point is not None), 2)
        points = np.full((len(self.z), size), np.nan, np.float32)
        for frame, point in known:
            if point is not None and len(point) == size:
                points[frame] = point
        self.player.plane.show_walk(points, self.anchor_frames)

    def _choose(self, frame: int) -> None:
        self.player.pause()
        self.player.go_to(frame)
        self.feed.watch(frame)

    def _playing(self, playing: bool) -> None:
        if not playing and self.path is not None:
            self.feed.watch(self.player.position)
        self.feed.go_on()

    # looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= TALL * self.height()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._body.direction():
            self._body.setDirection(way)

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.player.restyle()
        self.strip.update()
