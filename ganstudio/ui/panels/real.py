"""The real images of the open data set, page by page, before and during training."""

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMessageBox, QScrollBar, QVBoxLayout

from ganstudio.latent.parcel import Parcel
from ganstudio.ui.panel import Panel
from ganstudio.ui.waiting import Waiting
from ganstudio.ui.widgets.controls import button, choice, row, select
from ganstudio.ui.widgets.fitting_label import FittingLabel
from ganstudio.ui.widgets.grid import ImageGrid

if TYPE_CHECKING:
    from ganstudio.probes.real import RealFrame
    from ganstudio.ui.studio import Studio

COUNTS = (16, 36, 64, 100, 144, 196, 256)
NO_IMAGES = "These data are points, not images: they are drawn in a plot of their own."
SHORT = 10
"""Notes that are shown at once; a longer list opens on demand."""
COLOURS = {1: "grey", 3: "colour"}


class RealDataPanel(Panel):
    """What D is shown as real."""

    name = "real"
    title = "Real data"
    description = "The real images that the discriminator is shown"
    probe = "real"
    keys: ClassVar[dict[str, str]] = {
        "PgUp · PgDn or wheel": "Turn the pages",
        "+ · − or Ctrl+wheel": "Zoom",
        "0": "Fit the page",
        "← → ↑ ↓": "Choose an image",
        "Drag, Ctrl+C": "Carry or copy an image; with none chosen, Ctrl+C copies the page",
        "Drop, Ctrl+V": "The real data nearest to a sample, in the Neighbours panel",
    }
    order = 60

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self._frame: RealFrame | None = None
        self._page = 0
        self._columns = 0  # as the probe was last asked
        self.grid = ImageGrid("Real images", wheel_zooms=False)
        self.grid.caption = self._caption
        self._class = choice("Class", "Show the images of one class only", [("All classes", None)], self._choose_class)
        self._class.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._class.setMaxVisibleItems(20)
        self._count = choice(
            "Number of images", "How many images make a page", [(f"{n} images", n) for n in COUNTS], self._change_count
        )
        select(self._count, 64)
        self._summary = FittingLabel()
        self._summary.setAccessibleName("Which images of the data set are shown, how many there are, of what shape")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._notes = button("Notes", "Notes on the data", "What there is to know about these data", self.show_notes)
        self._notes.hide()
        self._scroll = QScrollBar(Qt.Orientation.Vertical)
        self._scroll.setAccessibleName("Page")
        self._scroll.setToolTip("Turn the pages (wheel, Page up, Page down)")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.setPageStep(1)
        self._scroll.setMaximum(0)
        self._scroll.hide()
        self._scroll.valueChanged.connect(self._turn)
        self.grid.scrolled.connect(lambda pages: self._scroll.setValue(self._scroll.value() + pages))
        self.grid.resized.connect(self._reshape)
        self.grid.told.connect(studio.message)
        # Real data have no room for other images: what is dropped among them asks which of them are like it.
        self.grid.samples.accept(self._compare, refused=studio.trouble.emit, pictures=True)
        controls = row(self._class, self._count, self._summary, self._notes)
        controls.setStretchFactor(self._summary, 1)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.grid, 1)
        below.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(controls)
        layout.addLayout(below, 1)
        self._waiting = Waiting(studio, self._wait, "The data set appears as soon as it is open.", of_data=True)

    # frames

    def options(self) -> dict[str, Any]:
        count = self._count.currentData()
        self._columns = self.grid.columns_for(count)
        return {
            "page": self._page,
            "chosen": self._class.currentData(),
            "tiles": count,
            "columns": self._columns,
        }

    def show_frame(self, frame: "RealFrame") -> None:
        if frame is self._frame:  # real data do not change from step to step
            return
        if self._frame is None or frame.classes != self._frame.classes or frame.total != self._frame.total:
            self._fill_classes(frame)
        self._frame = frame
        self._waiting.over()
        if frame.tiles is None:
            self.grid.show_sentence(NO_IMAGES)
        else:
            self.grid.show_tiles(frame.tiles)
        self._page = frame.page
        self._scroll.blockSignals(True)
        self._scroll.setMaximum(frame.pages - 1)
        self._scroll.setValue(frame.page)
        self._scroll.setVisible(frame.pages > 1)
        self._scroll.blockSignals(False)
        summary = self._summarise(frame)
        self._summary.say(summary, summary.split("  ·  ")[0])
        self._notes.setVisible(bool(frame.notes))
        self._notes.setText(f"Notes ({len(frame.notes)})")

    def _wait(self, sentence: str) -> None:
        """Nothing is there to be seen, nor to be told of."""
        self._frame = None
        self.grid.show_sentence(sentence)
        self._summary.say("")
        self._notes.hide()
        self._scroll.hide()

    def _fill_classes(self, frame: "RealFrame") -> None:
        """List the classes; the chosen one stays chosen where it exists."""
        chosen = self._class.currentData()
        self._class.clear()
        self._class.addItem(f"All classes ({frame.total:,})" if frame.classes else f"All ({frame.total:,})", None)
        for label, (name, count) in enumerate(zip(frame.classes, frame.counts, strict=True) if frame.classes else ()):
            self._class.addItem(f"{name} ({count:,})", label)
        self._class.setEnabled(bool(frame.classes))
        if chosen is not None and chosen < len(frame.classes):
            self._class.setCurrentIndex(chosen + 1)

    @staticmethod
    def _summarise(frame: "RealFrame") -> str:
        if frame.tiles is None:
            return f"{frame.total:,} points"
        channels, height, width = frame.shape
        shown = f"{frame.first + 1:,}–{frame.first + len(frame.indices):,}" if len(frame.indices) else "none"
        return f"{shown} of {frame.found:,}  ·  {width}×{height} {COLOURS.get(channels, f'{channels} channels')}"

    def _caption(self, tile: int) -> str:
        frame = self._frame
        if frame is None or tile >= len(frame.indices):
            return ""
        number = f"#{frame.indices[tile]:,}"
        if frame.labels is None or not frame.classes:
            return number
        return f"{number}  ·  {frame.classes[frame.labels[tile]]}"

    def _reshape(self) -> None:
        # Not those on screen: a layout changes in several steps, and the frames of the first come after the last.
        if self._columns != self.grid.columns_for(self._count.currentData()):
            self.studio.ask_again(self)

    # what a person does

    def _choose_class(self) -> None:
        self._page = 0
        self.studio.ask_again(self)

    def _change_count(self) -> None:
        """The first image in view stays in view."""
        if self._frame is not None:
            self._page = self._frame.first // self._count.currentData()
        self.studio.ask_again(self)

    def _turn(self, page: int) -> None:
        self._page = page
        self.studio.ask_again(self)

    def _compare(self, parcel: Parcel, tile: int) -> None:
        if self._frame is None:
            self.studio.trouble.emit("There are no real data here yet to look for neighbours among.")
        else:
            self.studio.neighbours_wanted.emit(parcel)

    def show_notes(self) -> None:
        """Everything there is to know about the data, in a box of its own."""
        if self._frame is not None:
            notes = self._frame.notes
            box = QMessageBox(QMessageBox.Icon.Information, "Notes on the data", "\n".join(notes[:SHORT]), parent=self)
            if len(notes) > SHORT:
                box.setDetailedText("\n".join(notes))
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    # memory and looks

    def restyle(self) -> None:
        self.grid.update()

    def save_state(self) -> dict[str, Any]:
        return {"count": self._count.currentData()}

    def load_state(self, state: dict[str, Any]) -> None:
        select(self._count, state.get("count"))
        self.studio.ask_again(self)
