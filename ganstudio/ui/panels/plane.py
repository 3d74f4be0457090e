"""The minimax game in the plane, and the brush to draw data of one's own."""

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.parcel import Parcel
from ganstudio.ui.drawn_plane import DrawnPlaneData
from ganstudio.ui.panel import Panel
from ganstudio.ui.plane_beside import PlaneBeside
from ganstudio.ui.theme import colours, tool_buttons
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.brush import Canvas
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.film import Picture
from ganstudio.ui.widgets.offer import Offer
from ganstudio.ui.widgets.plane import PlaneView
from ganstudio.ui.widgets.sample_drag import TakesSamples
from ganstudio.ui.widgets.sealed import Sealed
from ganstudio.ui.widgets.wrap import WrapLayout

if TYPE_CHECKING:
    from ganstudio.probes.plane import Plane, PlaneFrame
    from ganstudio.ui.studio import Studio

LAYERS = (
    ("real", "Real", "R", "Real points, and none of those that D is trained with", True),
    ("generated", "Generated", "F", "What G makes of inputs that stay the same, in the colour of D’s judgement", True),
    ("heat", "Heat map", "H", "D(x) all over the plane: blue where D says real, orange where it says fake", True),
    ("contour", "½ line", "L", "Where D cannot tell: real on one side, fake on the other", True),
    ("manifold", "Manifold", "M", "Where G maps an even grid of z: the denser its cells, the more opaque", True),
    ("arrows", "Arrows", "A", "−∂J_G/∂x: the way in which a generated point would have to move to lower J_G", False),
)
"""Name, words on the button, key, tooltip, whether it is shown at first."""
OTHER_DATA = "This panel shows the game on points of the plane; the data of this experiment are others."


class PlanePanel(Panel):
    """Layers to switch on and off over one heat map, which shows D or D*."""

    name = "plane"
    title = "Plane"
    description = "The game on two-dimensional data: points, D and its optimum, G's manifold, gradients"
    probe = "plane"
    keys: ClassVar[dict[str, str]] = {
        "R · F · H · L": "Real, generated, heat map, ½ line",
        "M · A · O": "Manifold, arrows, D* for D",
        "B": "Draw data with a brush",
        "+ · - · 0 or wheel": "Zoom",
        "Drag, Ctrl+C": "Carry or copy the z of a generated point; with none under the mouse, of all",
        "Drop, Ctrl+V": "Explore a sample's z in Directions",
    }
    # Players of points move far between two pictures: rather thirty of these a second than all steps, and not more
    # where the panel is alone in view.
    share = 0.085
    fastest = 1 / 31
    order = 31

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.view = PlaneView()
        self._beside = PlaneBeside(self)
        self._drawn = DrawnPlaneData(studio)
        self._watched = False
        self._noise = 0
        self._asked: dict[str, bool] = {}
        """Layers that the probe computes, here or in the other process."""
        self.switches: dict[str, QToolButton] = {}
        """A layer's button by its name; ``optimal`` and ``draw`` among them."""
        for name, words, key, tip, on in LAYERS:
            self.switches[name] = self._switch(words, key, tip, self._change, on)
        tip = "Show D*(x) = p_data/(p_data + p_g), the best D there is against this G, in place of D(x)"
        self.switches["optimal"] = self._switch("D*", "O", tip, self._change)
        tip = "Draw data of your own with a brush; they are used from the next restart on"
        self.switches["draw"] = self._switch("Draw", "B", tip, self._draw)
        self._clear = button("Clear", "Clear the drawing", "Take all paint away", self._clear_canvas)
        self._restart = button(
            "Restart", "Restart with the drawing", "Begin again from the seed, with the data as drawn (Ctrl+R)",
            self._begin_again,
        )  # fmt: skip
        self._fit = button("Fit", "Show all of the plane", "Show all of the plane (0)", self.view.fit)
        self._header = header = QWidget()
        row = WrapLayout(header, 4)
        row.setContentsMargins(8, 6, 8, 4)
        for widget in (*self.switches.values(), self._clear, self._restart, self._fit):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.view, 1)
        self._key("0", self.view.fit)
        self._key("+", lambda: self.view.zoom(1))
        self._key("-", lambda: self.view.zoom(-1))
        self._offer = Offer(studio, self.view, OTHER_DATA, [("ring-8", "Ring of 8")])
        self._waiting = Waiting(
            studio, self.view.show_sentence, "The plane appears as soon as the players are built.", of_data=True
        )
        for one in (self._clear, self._restart, self._fit):
            one.hide()
        self._key("Ctrl+V", self.paste)
        self.view.samples.told.connect(studio.message)
        TakesSamples(self.view, lambda parcel, _: self._explore(parcel), refused=studio.message.emit)
        self.view.watched.connect(self._watch)
        self.view.zoomed.connect(self._fit.setVisible)
        self.view.painted.connect(self._keep_drawing)
        studio.edited.connect(self._follow_edit)
        studio.opened.connect(lambda _: self.switches["draw"].setChecked(False))
        self.restyle()
        self._name_drawing()
        self._change()

    def _switch(self, words: str, key: str, tip: str, changed: Any, on: bool = False) -> QToolButton:
        found = QToolButton()
        found.setText(words)
        found.setCheckable(True)
        found.setChecked(on)
        found.setAccessibleName(words)
        found.setToolTip(f"{tip} ({key})")
        found.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        found.toggled.connect(lambda _: changed())
        self._key(key, found.toggle)
        return found

    def _key(self, keys: str, run: Any) -> None:
        QShortcut(QKeySequence(keys), self, run).setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # frames

    def options(self) -> dict[str, Any]:
        return {**self._asked, "elsewhere": self._beside.paints}

    def _ask(self) -> None:
        """Say what the probe is asked for, here or in the other process."""
        on = {name: switch.isChecked() for name, switch in self.switches.items()}
        self._asked = {
            "real": on["real"],
            "generated": on["generated"],
            "heat": (on["heat"] and not on["optimal"]) or self._watched,
            "optimal": (on["heat"] and on["optimal"]) or self._watched,
            "manifold": on["manifold"],
            "arrows": on["arrows"],
        }
        self.studio.ask_again(self)

    def pull(self) -> bool:
        return self._beside.look()

    def show_frame(self, frame: "PlaneFrame") -> None:
        if frame.sent is not None:
            self._beside.ask(frame, self._asked)
            return
        self._offer.setVisible(frame.plane is None)
        if frame.plane is None:
            self.switches["draw"].setChecked(False)
            self._waiting.again()
            return
        self._beside.leave_off()
        self.show_plane(frame.plane)

    def show_past(self, step: int | None) -> None:
        self._beside.look_back(step is not None)

    def show_plane(self, plane: "Plane | Sealed", picture: Picture | None = None) -> None:
        """Show a plane, with the picture that was painted of it elsewhere, if one was."""
        if not self._offer.isHidden():
            self._offer.hide()
        self._waiting.over()
        self.view.show_plane(plane, picture)
        if plane.noise != self._noise:
            self._noise = plane.noise
            self._say_of_manifold()

    def paste(self) -> None:
        """Explore the sample of the clipboard in Directions."""
        try:
            parcel = sample_drag.pasted()
        except StudioError as error:
            self.studio.message.emit(f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        if parcel is None:
            self.studio.message.emit("There is no sample on the clipboard; copy one with Ctrl+C.")
        else:
            self._explore(parcel)

    def _explore(self, parcel: Parcel) -> None:
        if parcel.inputs is None:
            self.studio.message.emit("That picture has no z of its own; drop a sample of the generator.")
        else:
            self.studio.sample_chosen.emit(parcel.inputs[0].copy())

    def _say_of_manifold(self) -> None:
        switch, drawable = self.switches["manifold"], self._noise <= 2
        switch.setEnabled(drawable)
        tip = next(tip for name, _, _, tip, _ in LAYERS if name == "manifold")
        no = f"z has {self._noise} numbers here: G’s manifold can be drawn for one or two only"
        switch.setToolTip(f"{tip} (M)" if drawable else no)

    def _change(self) -> None:
        shown = frozenset(name for name, *_ in LAYERS if self.switches[name].isChecked())
        self.view.show_layers(shown, self.switches["optimal"].isChecked())
        self._ask()

    def _watch(self, watched: bool) -> None:
        # D* costs as much as all the rest: it is computed for the read-out only while somebody may read it.
        self._watched = watched
        self._ask()

    # drawing

    def _draw(self) -> None:
        """Begin or end drawing; data of another kind are replaced by a drawing of themselves first."""
        if not self.switches["draw"].isChecked():
            self._show_canvas(None)
        elif not self.studio.is_loaded or not (self._drawn.is_drawn or self._drawn.begin()):
            self.switches["draw"].setChecked(False)
        else:
            self._show_canvas(self._drawn.canvas())

    def _show_canvas(self, canvas: Canvas | None) -> None:
        self.view.show_canvas(canvas)
        self._clear.setVisible(canvas is not None)
        self._restart.setVisible(canvas is not None)

    def _keep_drawing(self) -> None:
        """A stroke has ended: put the drawing into the experiment, to be undone like any edit."""
        if self.view.canvas is not None:
            self._drawn.take(self.view.canvas)

    def _clear_canvas(self) -> None:
        if self.view.canvas is not None and not self.view.canvas.empty:
            self._drawn.clear(self._renew_canvas)

    def _renew_canvas(self, canvas: Canvas) -> None:
        """Show another state of the drawing, if it is being drawn."""
        if self.view.canvas is not None:
            canvas.radius = self.view.canvas.radius
            self.view.replace_canvas(canvas)

    def _begin_again(self) -> None:
        if self.view.canvas is not None and self.view.canvas.empty:
            self.studio.message.emit("Without paint there is nothing to learn: draw something first.")
            return
        self.studio.action_wanted.emit("restart")

    def _name_drawing(self) -> None:
        """Say what drawing will mean for the data."""
        own = self.studio.experiment is not None and not self._drawn.is_drawn
        self.switches["draw"].setText("Draw my own" if own else "Draw")

    def _follow_edit(self, path: str) -> None:
        """An undo or the form may have changed the drawing."""
        self._name_drawing()
        if self.view.canvas is not None and (not path or path.startswith("data")):
            canvas = self._drawn.canvas()
            if canvas is None:
                self.switches["draw"].setChecked(False)
            else:
                self._renew_canvas(canvas)

    # memory and looks

    def closeEvent(self, event: QCloseEvent) -> None:
        self._beside.close()
        super().closeEvent(event)

    def restyle(self) -> None:
        c = colours()
        self._header.setStyleSheet(
            tool_buttons("2px 6px")
            + f"QToolButton:disabled {{ color: {c.muted}; background: transparent; }}"
            + f"QToolButton:focus {{ border-color: {c.text}; }}"
        )
        self.view.update()

    def save_state(self) -> dict[str, Any]:
        return {name: switch.isChecked() for name, switch in self.switches.items() if name != "draw"}

    def load_state(self, state: dict[str, Any]) -> None:
        for name, switch in self.switches.items():
            if name != "draw" and isinstance(state.get(name), bool):
                switch.setChecked(state[name])
