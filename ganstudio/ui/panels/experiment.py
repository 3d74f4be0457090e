"""Everything that defines the run: presets to start from, and a field for each thing that can be told."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment.files import headline, presets
from ganstudio.ui.icons import icon
from ganstudio.ui.panel import Panel
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.form import ExperimentForm
from ganstudio.ui.widgets.gallery import Entry, Gallery
from ganstudio.ui.widgets.section import CollapsibleSection


class ExperimentPanel(Panel):
    """The gallery is there at once; the form fills when PyTorch is in."""

    name = "experiment"
    past_words = "as it is now, not in the past"
    title = "Experiment"
    description = "Presets, data set, players, objective and schedule: all that defines the run."
    order = 10

    def __init__(self, studio: Studio):
        super().__init__(studio)
        self.form: ExperimentForm | None = None
        """None until PyTorch is in."""
        self._remembered: dict[str, bool] = {}
        self.gallery = Gallery(
            [Entry(name, *headline(path), path.with_suffix(".png")) for name, path in presets().items()]
        )
        self.gallery.chosen.connect(studio.preset_chosen)
        self.gallery_section = CollapsibleSection("Presets", "Experiments to start from", lambda: self.gallery)
        self.gallery_section.set_open(True)
        self.open_title, self.about = QLabel(), QLabel()
        self.about.setAccessibleName("About the open experiment")
        self.open_title.setStyleSheet("font-weight: bold")
        for label, below in ((self.open_title, 0), (self.about, 4)):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setContentsMargins(6, 2, 6, below)
        self.loading = QLabel("Loading PyTorch…")
        self.loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.loading.setContentsMargins(0, 24, 0, 24)
        self.legend = QLabel("◷ acts on restart; all other fields act at the next step.")
        self.legend.setWordWrap(True)
        self.legend.setContentsMargins(6, 0, 6, 6)
        self.legend.hide()
        self.setAcceptDrops(True)
        self._page = QVBoxLayout()
        self._page.setContentsMargins(8, 4, 8, 8)
        self._page.setSpacing(4)
        for widget in (self.gallery_section, self.open_title, self.about, self.legend, self.loading):
            self._page.addWidget(widget)
        self._page.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._buttons())
        column.addWidget(self._make_notice())
        column.addWidget(self._make_scroll(), 1)
        studio.edited.connect(self._follow)
        studio.opened.connect(lambda _: self._follow())
        studio.loaded.connect(self._fill)
        if studio.is_loaded:
            self._fill()
        self._follow()
        self.restyle()

    # building

    def _buttons(self) -> QHBoxLayout:
        self.recent = QMenu(self)
        self.recent.aboutToShow.connect(self._fill_recent)
        self.recent.setToolTipsVisible(True)
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 6)
        self._icons: list[tuple[QToolButton, str]] = []
        for words, action, tip in (
            ("Open…", "open", "Open an experiment's TOML file; you may also drop it here"),
            ("Save as…", "save", "Save all fields, edits included, as a TOML file"),
            ("Recent ▾", "", "Experiments and runs opened lately"),
        ):
            button = QToolButton()
            button.setText(words)
            button.setToolTip(tip)
            button.setAccessibleName(words.removesuffix(" ▾"))
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            if action:
                self._icons.append((button, action))
                button.clicked.connect(partial(self.studio.action_wanted.emit, action))
            else:
                button.setMenu(self.recent)
                button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
                button.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # the style's is glued to the word
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_notice(self) -> QFrame:
        self.notice = QFrame()
        self.notice.setObjectName("notice")
        self._waits = QLabel()
        self._waits.setWordWrap(True)
        self.restart = QPushButton("Restart with these")
        self.restart.setToolTip("Begin again from the seed, with all edits in force; the run so far is saved")
        self.restart.setAccessibleName(self.restart.text())
        self.restart.clicked.connect(partial(self.studio.action_wanted.emit, "restart"))
        row = QHBoxLayout(self.notice)
        row.setContentsMargins(10, 6, 8, 6)
        row.addWidget(self._waits, 1)
        row.addWidget(self.restart)
        self.notice.hide()
        return self.notice

    def _make_scroll(self) -> QScrollArea:
        page = QWidget()
        page.setLayout(self._page)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The gallery is as high as its width makes it: a bar that comes and goes would change both without an end.
        self.scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setWidget(page)
        return self.scroll

    def _fill(self) -> None:
        """PyTorch is in: make the form."""
        self.loading.hide()
        self.legend.show()
        self.form = ExperimentForm(self.studio)
        self.form.opened = self._remembered
        self.form.shown.connect(lambda row: self.scroll.ensureWidgetVisible(row, 0, 40))
        self._page.insertWidget(self._page.count() - 1, self.form)
        self._follow()
        self.updateGeometry()  # its fields may need more width than the gallery did

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in map(Path, self.studio.recent):
            action = self.recent.addAction(path.name, partial(self.studio.path_chosen.emit, path))
            action.setToolTip(str(path))
        if self.recent.isEmpty():
            self.recent.addAction("Nothing yet").setEnabled(False)

    # following the studio

    def _follow(self, _: str = "") -> None:
        studio, experiment = self.studio, self.studio.experiment
        if experiment is None:
            return
        if self.form is not None:
            self.form.refresh()
        self.open_title.setText(experiment.title)
        self.about.setText(experiment.description)
        self.gallery.show_open(studio.reference.title if studio.reference is not None else "")
        self._show_waiting()

    def _show_waiting(self) -> None:
        names = self._waiting_names()
        self.notice.setVisible(bool(names))
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            self._waits.setText(f"Waits for a restart: {', '.join(names[:3])}{more}.")
            self.notice.setAccessibleName(self._waits.text())

    def _waiting_names(self) -> list[str]:
        """Titles of the fields that wait, a player's with its name."""
        rows = self.form.rows if self.form is not None else {}
        names = []
        for path in sorted(self.studio.waiting & set(rows), key=list(rows).index):
            title, parts = rows[path].field.title, path.split(".")
            names.append(f"{title} of {parts[1]}" if parts[0] == "players" else title)
        return names or ["one of the fields"] * bool(self.studio.waiting)

    # looks, memory, drops

    def minimumSizeHint(self) -> QSize:
        least, bar = super().minimumSizeHint(), self.scroll.verticalScrollBar()
        fields = self.scroll.widget().minimumSizeHint().width() + bar.sizeHint().width()
        return least.expandedTo(QSize(fields, 0))

    def restyle(self) -> None:
        shades = colours()
        for button, name in self._icons:
            button.setIcon(icon(name))
        for label in (self.about, self.legend):
            label.setStyleSheet(f"color: {shades.muted}")
        self.notice.setStyleSheet(
            f"#notice {{ background: {shades.surface}; border-left: 4px solid {shades.warning}; }}"
        )
        self.gallery_section.restyle()
        self.gallery.update()
        if self.form is not None:
            self.form.restyle()

    def save_state(self) -> dict[str, Any]:
        opened = self.form.opened if self.form is not None else self._remembered
        return {"presets": self.gallery_section.is_open, "sections": dict(opened)}

    def load_state(self, state: dict[str, Any]) -> None:
        if isinstance(state.get("presets"), bool):
            self.gallery_section.set_open(state["presets"])
        sections = state.get("sections")
        if isinstance(sections, dict):
            self._remembered = {str(name): open for name, open in sections.items() if isinstance(open, bool)}
            if self.form is not None:
                self.form.opened = self._remembered

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.studio.path_chosen.emit(paths[0])
