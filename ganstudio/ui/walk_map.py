"""The map page of a walk: G over a plane through three anchors, and the sample under the handle, large. Where G makes
points, each z has the colour of the place that G sends it to.
"""

from time import perf_counter

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.paths import Path
from ganstudio.latent.requests import Answer, Prior
from ganstudio.latent.section import MapView, Section, around, section_through, whole_plane
from ganstudio.ui.sample_feed import SampleFeed, Wants
from ganstudio.ui.side_render import SideRender
from ganstudio.ui.studio import Studio
from ganstudio.ui.walk_anchors import NO_Z
from ganstudio.ui.widgets.controls import button, choice, select
from ganstudio.ui.widgets.latent_map import LEAST_TILE, LatentMap, Place
from ganstudio.ui.widgets.place_colours import place_colours
from ganstudio.ui.widgets.point_view import PointView
from ganstudio.ui.widgets.sample_drag import TakesSamples
from ganstudio.ui.widgets.sample_source import SampleSource
from ganstudio.ui.widgets.sample_view import SampleView

CLIENT = "walk.map"
REACH = 2.5
"""Standard deviations of a prior of two numbers that the map shows at first, where it has no bounds."""
NEAR = 1e-3
"""An anchor this close to the plane, in standard deviations, lies in it."""
MOST_BYTES = 64 << 20
TALL = 1.0
"""Width over height from which map and sample are beside each other."""
TINT, MOST_TINTS = 16, 1 << 15
"""Pixels of the tile of a point, at the least; tiles that are remembered."""
CLOUD, CLOUD_SEED = 600, 1
"""Other points of G around that under the handle, and their seed."""


class MapPage(QWidget):
    """Chooses the plane, draws the map, and shows what lies under the handle."""

    explore = Signal()
    """A person sends the handle's sample to the Directions panel."""
    add = Signal()
    """A person wants the walk to go through the handle's sample."""

    def __init__(self, studio: Studio):
        super().__init__()
        self._studio = studio
        self.section: Section | None = None
        """The plane; None while there is none."""
        self._path: Path | None = None
        self._prior: Prior | None = None
        self._through: tuple | None = None  # what the section was made of
        self._active = False
        self.feed = SampleFeed(studio.explorer, CLIENT, self._wants, self._inputs, MOST_BYTES)
        self.map = LatentMap(self._tile)
        self.box, self.point = SampleView("Sample under the handle"), PointView("Point under the handle")
        self.point.coloured = True
        self.point.setToolTip("Each z of the map has the colour of the place where G(z) lies.")
        self._views = QStackedWidget()
        for view in (self.box, self.point):
            self._views.addWidget(view)
            SampleSource(view, self.parcel)
        self._cloud = SideRender(studio.explorer, f"{CLIENT}.cloud")
        self._cloud.answered.connect(self._take_cloud)
        studio.explorer.reopened.connect(lambda: self._take_kind(points=False))  # until it is known anew
        self._tints: dict[Place, tuple[np.ndarray, np.ndarray]] = {}  # of a place its point and its tile
        self.key = QLabel()
        self.key.setWordWrap(True)
        self.key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.key.hide()
        TakesSamples(self, lambda parcel, _: self.take(parcel), refused=studio.message.emit, hovering=self._hover)
        self.corners = [self._corner(i) for i in range(3)]
        self._chosen = [0, 1, 2]  # anchors, though a shorter walk may not have them now
        self.fit = button("Fit", "Fit the map", "Show all three anchors again (0)", self.map.fit)
        self.place = QLabel()
        self.words = QLabel("Plane through anchors")
        top = QHBoxLayout()
        top.setSpacing(6)
        for part in (self.words, *self.corners, self.fit):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.place)
        send = button("Explore", "Explore the sample", "Send the sample to Directions (E, Enter)", self.explore.emit)
        more = button("Add to the walk", "Add to the walk", "Walk through this sample too (A)", self.add.emit)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(send)
        below.addWidget(more)
        below.addStretch(1)
        self._buttons = (send, more, self.fit)
        beside = QVBoxLayout()
        beside.addWidget(self._views, 1)
        beside.addWidget(self.key)
        beside.addLayout(below)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(10)
        self._body.addWidget(self.map, 13)
        self._body.addLayout(beside, 7)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addLayout(self._body, 1)
        self.map.handle_moved.connect(self._move)
        self.map.view_changed.connect(self.feed.go_on)
        self.map.sent.connect(self.explore)
        self.feed.arrived.connect(self._arrived)
        self.feed.failed.connect(self._fail)

    def _corner(self, index: int) -> QComboBox:
        found = choice(
            f"Anchor {'abc'[index]}", "The plane goes through these three anchors of the walk", (), self._choose
        )
        found.setMinimumContentsLength(2)
        return found

    # what is shown

    def show_path(self, path: Path, prior: Prior) -> None:
        """The anchors are these."""
        self._path, self._prior = path, prior
        count = len(path.anchors)
        for index, box in enumerate(self.corners):
            box.clear()
            for number in range(count):
                box.addItem(str(number + 1), number)
            select(box, min(self._chosen[index], count - 1))
        self._cut()

    def say(self, sentence: str) -> None:
        """Show words instead."""
        self._path, self.section, self._through = None, None, None
        self.feed.forget()
        self._fail(sentence)

    def set_active(self, active: bool) -> None:
        """Whether it is in view; else it costs nothing."""
        self._active = active
        self._begin()

    def _begin(self) -> None:
        wanted = self._active and self.section is not None
        self.feed.set_active(wanted)
        self._cloud.follow(wanted and self._points)
        if wanted:
            self.feed.watch(self.map.handle)

    def _fail(self, sentence: str) -> None:
        self.map.say(sentence)
        self.box.say("")
        self._take_kind(points=False)
        self.place.setText("")
        for part in self._buttons:
            part.setEnabled(False)

    # the plane

    def _choose(self) -> None:
        self._chosen = [box.currentData() for box in self.corners]
        self._cut()

    def _cut(self) -> None:
        """Lay the plane that was chosen through the space of z."""
        path, prior = self._path, self._prior
        if path is None or prior is None:
            return
        whole = prior.dim == 2
        for part in (self.words, *self.corners):
            part.setVisible(not whole)
        try:
            through = (prior,) if whole else tuple(z.tobytes() for z in self._three(path))
            section = whole_plane() if whole else section_through(self._three(path))
        except StudioError as error:
            self.section, self._through = None, None
            self.feed.forget()
            self._fail(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            self._begin()
            return
        if through != self._through:
            self._through, self.section = through, section
            self.feed.forget()
            self.map.limit = prior.limit if whole else np.inf
            self._show_plane(section, prior, whole=whole)
        self._mark(section, path, prior)
        self._begin()

    def _three(self, path: Path) -> np.ndarray:
        if len(path.anchors) < 3:
            raise StudioError("a plane goes through three anchors, and the walk has two; drop another one into it")
        return path.anchors[[box.currentData() for box in self.corners]]

    def _show_plane(self, section: Section, prior: Prior, *, whole: bool) -> None:
        if whole:
            reach = min(REACH * prior.std, prior.limit)
            places = np.array([[-reach, -reach], [reach, reach]])
        else:
            assert self._path is not None
            places = section.places(self._three(self._path))

        def home(width: float, height: float) -> MapView:
            return around(places, width, height, 1.0 if whole else 1.5)

        for part in self._buttons:
            part.setEnabled(True)
        self.map.say("Rendering the map…")
        self.map.show_plane(home, (0.0, 0.0))
        self._read_out()

    def _mark(self, section: Section, path: Path, prior: Prior) -> None:
        """Mark the anchors in the plane, and draw those stretches of the walk that lie in it."""
        places = section.places(path.anchors)
        inside = section.distances(path.anchors) <= NEAR * prior.std
        marks = [((float(a), float(b)), str(i + 1)) for i, (a, b) in enumerate(places) if inside[i]]
        frames = path.frames(24, prior.limit)
        flat = bool((section.distances(frames) <= NEAR * prior.std).all())
        if path.looped:
            frames = np.concatenate([frames, frames[:1]])
        line = [(float(a), float(b)) for a, b in section.places(frames)] if flat else []
        self.map.mark(marks, line)

    # the handle

    @property
    def z(self) -> np.ndarray | None:
        """(dim,) float32 under the handle; None while there is no map."""
        return None if self.section is None else self.section.z(np.array([self.map.handle]))[0]

    def parcel(self) -> Parcel | None:
        """The sample under the handle, to be carried away."""
        z = self.z
        if z is None:
            return None
        sample = self.feed.cache.get(self.map.handle)
        return Parcel(z[None], None if sample is None or sample.ndim == 1 else sample[None])

    def take(self, parcel: Parcel) -> None:
        """Bring the handle to the point of the plane that is nearest to a sample's z, and say how far off it is."""
        tell, section, prior = self._studio.message.emit, self.section, self._prior
        if parcel.inputs is None:
            tell(NO_Z)
        elif section is None or prior is None or not self.fit.isEnabled():
            tell("There is no map that could take a sample.")
        elif parcel.inputs.shape[1] != prior.dim:
            tell("That sample belongs to another generator.")
        else:
            z = parcel.inputs[:1]
            a, b = section.places(z)[0]
            self.map.move_handle((float(a), float(b)))
            self.map.follow_handle()
            off = float(section.distances(z)[0])
            inside = off <= NEAR * prior.std
            where = "at the sample’s z" if inside else f"at the plane’s nearest point, {off:.2f} from its z"
            tell(f"The handle is {where}.")

    def _hover(self, at: QPoint | None) -> None:
        self.map.highlight(at is not None)

    def _move(self, place: Place) -> None:
        self.feed.watch(place)
        self._read_out()
        z = self.z
        if z is not None:
            self._studio.show_sample(z)

    def _read_out(self) -> None:
        a, b = self.map.handle
        z = self.z
        length = 0.0 if z is None else float(np.linalg.norm(z))
        self.place.setText(f"a = {a:+.2f}   b = {b:+.2f}   |z| = {length:.2f}".replace("-", "−"))

    # the feed

    def _wants(self) -> Wants:
        return Wants(shown=self.map.wanted) if self.section is not None else Wants()

    def _inputs(self, places: list[Place]) -> np.ndarray:
        assert self.section is not None
        return self.section.z(np.array(places))

    def _tile(self, place: Place) -> np.ndarray | None:
        sample = self.feed.cache.get(place)
        if sample is None or sample.ndim == 3:
            return sample
        if self._tints.get(place, (None,))[0] is not sample:
            if len(self._tints) >= MOST_TINTS:
                self._tints.clear()
            self._tints[place] = sample, place_colours(sample[None], self.point.reach)[None]
        return self._tints[place][1]

    def _arrived(self) -> None:
        sample, answer = self.feed.cache.get(self.map.handle), self.feed.answer
        self.map.say("")
        self.map.update()
        if sample is None or answer is None:
            return
        weights = "live" if answer.live else "EMA"
        if sample.ndim == 1:
            self._show_point(sample, f"step {answer.step:,}")
            self.key.setText(f"Coloured by where G(z) lies · {weights} weights")
        else:
            self._take_kind(points=False)
            self.box.show_image(sample, f"{weights} weights after step {answer.step:,}", perf_counter())

    # points

    @property
    def _points(self) -> bool:
        """Whether G is known to make points."""
        return self._views.currentWidget() is self.point

    def _take_kind(self, *, points: bool) -> None:
        if points != self._points:
            self._views.setCurrentWidget(self.point if points else self.box)
            self.key.setVisible(points)
            self.map.least_tile = TINT if points else LEAST_TILE

    def _show_point(self, point: np.ndarray, caption: str) -> None:
        if not self._points:
            self._take_kind(points=True)
            self._cloud.draw(CLOUD, CLOUD_SEED)
        self.point.show_point(point, caption)

    def _take_cloud(self, answer: Answer) -> None:
        if answer.value.ndim == 2:
            reach = self.point.reach
            self.point.show_cloud(answer.value)
            if self.point.reach != reach:
                self._tints.clear()
                self.map.update()

    # looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= TALL * self.height()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._body.direction():
            self._body.setDirection(way)

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.map.update()
        self.box.update()
