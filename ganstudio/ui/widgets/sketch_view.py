"""What the Sketch panel is made of: the easel with its tools, the candidates beside it, and what steers the search."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.latent.sketching import MORPH_STEPS, Weights
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.easel import Easel
from ganstudio.ui.widgets.easel_tools import BrushSize, LabelledSlider, ToolRow
from ganstudio.ui.widgets.fitting_row import FittingRow
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.paint_box import PaintBox
from ganstudio.ui.widgets.wrap import WrapLayout

HOW = "Paint, draw edges, or drag a part of the image to another place: what G can make of it appears here."
END = 100
"""Of the sliders of shares."""
NEAR, REALISM = 0.8, 0.1
"""Weights at the end of their sliders; they grow with the square."""


class SketchView(QWidget):
    """Only widgets; ``owner`` is the panel whose keys the buttons answer to. ``run``: button's name → what it does."""

    weighed = Signal()
    """A person moved a slider of ``weights``."""

    def __init__(self, owner: QWidget, run: dict[str, Callable[[], object]]):
        super().__init__()

        def act(name: str, text: str, icon: str, tip: str, keys: str = "", wordy: bool = False) -> ActionButton:
            return ActionButton(owner, text, icon, tip, run[name], keys=keys, wordy=wordy)

        self.easel, self.box = Easel("Canvas"), PaintBox()
        self.tools, self.size = ToolRow(self.easel), BrushSize(self.easel)
        self.grid = ImageGrid("Candidates", wheel_zooms=False)
        self.grid.show_sentence(HOW)
        # Ctrl+Z and Delete are given to the panel by the way of the focus: others have them too.
        self.undo = act("undo", "Undo", "undo", "Take the last stroke back (Ctrl+Z)")
        self.redo = act("redo", "Redo", "redo", "Make it again (Ctrl+Shift+Z)")
        self.clear = act("clear", "Clear", "close", "Take the whole sketch away (Delete)")
        self.fresh = act("draw", "Another image", "random", "Another image to begin with", "R")
        self.use = act("use", "Use it", "next", "Send the image to Directions, and go on from it", "U", wordy=True)
        self.again = act("again", "Again", "restart", "Search again with the weights that G has now", "A", wordy=True)
        self.morph = LabelledSlider(
            "Before",
            "From before to after",
            "From the image before to the candidate, in steps through z (M, Shift+M)",
            (0, MORPH_STEPS),
            MORPH_STEPS,
        )
        self.opacity = LabelledSlider(
            "Overlay", "Opacity of the sketch", "How much of the sketch is seen, in per cent", (0, END), END // 2
        )
        self.near = LabelledSlider(
            "Stay near", "Stay near the start", "How much what is not painted stays as it is", (0, END), END // 4
        )
        self.realism = LabelledSlider(
            "Realism", "Realism", "How much D must take the image for real. Slower; at 0 D is not asked", (0, END), 0
        )
        self.status = QLabel()
        self.status.setAccessibleName("State of the search")
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.opacity.moved.connect(lambda value: self.easel.set_opacity(value / END))
        for slider in (self.near, self.realism):
            slider.moved.connect(lambda _: self.weighed.emit())
        self._lay_out()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.easel, 1)
        left.addWidget(FittingRow((self.morph, 1), QLabel("After"), self.use))
        right.addWidget(self.grid, 1)
        right.addWidget(FittingRow((self.near, 1), (self.realism, 1), self.again))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(10)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for parts in ((self.tools, self.undo, self.redo, self.clear, self.fresh), (self.box, self.size, self.opacity)):
            bar = QWidget()
            wrap = WrapLayout(bar, 6)
            wrap.setContentsMargins(0, 0, 0, 0)
            for part in parts:
                wrap.addWidget(part)
            layout.addWidget(bar)
        layout.addLayout(self._columns, 1)
        layout.addWidget(self.status)

    def arrange(self, beside: bool) -> None:
        """The candidates beside the easel, or below it."""
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self._columns.direction():
            self._columns.setDirection(way)

    @property
    def weights(self) -> Weights:
        """What counts how much, by the sliders."""
        near, realism = (slider.value / END for slider in (self.near, self.realism))
        return Weights(near=NEAR * near**2, realism=REALISM * realism**2)

    def restyle(self) -> None:
        """Follow a change of theme."""
        for part in (self.tools, self.undo, self.redo, self.clear, self.fresh, self.use, self.again):
            part.restyle()
        self.easel.update()
        self.grid.update()

    def save_state(self) -> dict[str, Any]:
        """Where the sliders stand."""
        return {"near": self.near.value, "realism": self.realism.value, "overlay": self.opacity.value}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take remembered places up."""
        for name, slider in (("near", self.near), ("realism", self.realism), ("overlay", self.opacity)):
            value = state.get(name)
            if isinstance(value, int) and 0 <= value <= END:
                slider.slider.setValue(value)
