"""The tools of an easel: which one works, how large the brush is, how much of the edits is seen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from ganstudio.ui.theme import tool_buttons
from ganstudio.ui.widgets.bipolar_slider import PER_UNIT, BipolarSlider
from ganstudio.ui.widgets.controls import button
from ganstudio.ui.widgets.easel import FINER, LEAST_RADIUS, Easel

TOOLS = {
    "paint": ("Paint", "B", "Paint the colour that the image shall have here"),
    "erase": ("Erase", "E", "Take away what is asked for here"),
    "pick": ("Pick", "I", "Take the brush's colour from the image"),
    "edge": ("Edges", "L", "Draw lines along which the image shall have edges"),
    "drag": ("Drag", "W", "Drag a part of the image to another place"),
}
"""Name → (word, key, what it does)."""


LEAST_WIDTH = 40
"""Pixels of a slider in a narrow panel."""


class ToolRow(QWidget):
    """A button for each tool."""

    def __init__(self, easel: Easel):
        super().__init__()
        self._easel = easel
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name, (word, key, what) in TOOLS.items():
            found = button(word, f"Tool: {word}", f"{what} ({key})", lambda name=name: self.choose(name))
            found.setCheckable(True)
            self._group.addButton(found)
            layout.addWidget(found)
            self.buttons[name] = found
        self.choose("paint")
        self.restyle()

    def choose(self, name: str) -> None:
        """Work with this tool."""
        self._easel.give_up()
        self._easel.tool = name
        self.buttons[name].setChecked(True)
        self._easel.setCursor(Qt.CursorShape.OpenHandCursor if name == "drag" else Qt.CursorShape.CrossCursor)
        self._easel.update()

    def restyle(self) -> None:
        """Follow a change of theme."""
        self.setStyleSheet(tool_buttons("3px 8px"))


class LabelledSlider(QWidget):
    """A word, and a slider of whole numbers beside it."""

    moved = Signal(int)
    """A person moved it here."""

    def __init__(self, word: str, name: str, tip: str, ends: tuple[int, int], start: int):
        super().__init__()
        low, high = ends
        self.label = QLabel(word)
        self.slider = BipolarSlider(low / PER_UNIT, high / PER_UNIT, low / PER_UNIT)
        self.slider.setSingleStep(max(1, (high - low) // 20))
        self.slider.setPageStep(max(1, (high - low) // 5))
        self.slider.mark = start / PER_UNIT
        self.slider.setValue(start)
        self.slider.setAccessibleName(name)
        self.slider.setMinimumWidth(LEAST_WIDTH)
        for widget in (self.label, self.slider):
            widget.setToolTip(tip)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self.label)
        layout.addWidget(self.slider, 1)
        self.slider.valueChanged.connect(self.moved)
        self.slider.reset_asked.connect(lambda: self.slider.setValue(start))

    @property
    def value(self) -> int:
        """Where it stands."""
        return self.slider.value()

    def show_value(self, value: int) -> None:
        """Stand there, without telling anybody."""
        self.slider.show_value(value / PER_UNIT)


class BrushSize(LabelledSlider):
    """The radius of an easel's brush, in steps."""

    def __init__(self, easel: Easel):
        super().__init__("Size", "Size of the brush", "Size of the brush (wheel, [ and ])", (0, 16), 5)
        self._easel = easel
        self.moved.connect(self._resize)
        easel.radius_changed.connect(self._follow)

    def _resize(self, step: int) -> None:
        self._easel.radius = LEAST_RADIUS * FINER**step

    def _follow(self, radius: float) -> None:
        step = 0
        while LEAST_RADIUS * FINER ** (step + 0.5) < radius:
            step += 1
        self.show_value(step)
        self.slider.setAccessibleDescription(f"Radius {radius:.1f} pixels")
