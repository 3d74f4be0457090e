"""The form: every field of the open experiment in sections, always showing what the studio has."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from ganstudio.experiment.differences import default, reset_value
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.fields import Choice, Field, Section, is_on, sections
from ganstudio.experiment.paths import expand, value_or_none
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.field_row import FieldRow
from ganstudio.ui.widgets.section import CollapsibleSection

DEVICE = Field(
    "device",
    "Device",
    "Where training runs; it belongs to this machine, not to the experiment.",
    "choice",
    live=False,
    choices=(
        Choice("auto", "Automatic", "CUDA if there is one, else the CPU."),
        Choice("cpu", "CPU", "The processor."),
        Choice("cuda", "CUDA", "The first NVIDIA GPU."),
    ),
)
CLOSED = ("noise", "checkpoints", "about")
"""Sections that are closed until somebody opens them; so are those of regularisers that are off."""
INDENT = 14


class ExperimentForm(QWidget):
    """Rows are made when their section is first opened. PyTorch must be in before ``refresh`` is called."""

    shown = Signal(QWidget)
    """This row should be scrolled into view."""

    def __init__(self, studio: Studio):
        super().__init__()
        self.studio = studio
        self.rows: dict[str, FieldRow] = {}
        """Rows made so far, by full path."""
        self.sections: dict[str, CollapsibleSection] = {}
        self.opened: dict[str, bool] = {}
        """Which sections a person has opened or closed."""
        self._plan: dict[str, Section] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        studio.refused.connect(self.refuse)

    # following the studio

    def refresh(self) -> None:
        """Show the studio's experiment: new rows where its components have changed, new values in all others."""
        experiment = self.studio.experiment
        if experiment is None:
            return
        plan = {section.name: _with_device(section) for section in sections(experiment)}
        if list(plan) != list(self._plan):
            self._clear()
            self._lay(plan)
        focus = next((path for path, row in self.rows.items() if row.isAncestorOf(QApplication.focusWidget())), "")
        for name, section in plan.items():
            if section != self._plan[name]:
                self._forget(self._plan[name])
                self._plan[name] = section
                self.sections[name].renew(lambda section=section: self._content(section))
        for name, section in plan.items():
            self._show_badge(name, section)
        for row in self.rows.values():
            self._show_value(row)
        if focus in self.rows and QApplication.focusWidget() is None:
            self.rows[focus].editor.setFocus()  # its section was made anew

    def refuse(self, path: str, sentence: str) -> None:
        """Say at the field why an edit was refused, opening its section if need be."""
        experiment = self.studio.experiment
        if experiment is None or not self._plan:
            return
        field = self._field(expand(experiment, path)[0])
        if field is None:
            return
        name, full = field
        self.sections[name].set_open(True)
        row = self.rows[full]
        self._show_value(row)
        row.refuse(_at_the_field(sentence, full))
        self.shown.emit(row)

    def restyle(self) -> None:
        """Take the theme's colours."""
        for row in self.rows.values():
            row.restyle()
        for name, section in self._plan.items():
            self.sections[name].restyle()
            self._show_badge(name, section)

    # building

    def _lay(self, plan: dict[str, Section]) -> None:
        group = ""
        for name, section in plan.items():
            if section.group and section.group != group:
                self._column.addWidget(_heading(section.group))
            group = section.group
            widget = CollapsibleSection(
                section.title,
                section.description,
                lambda section=section: self._content(section),
                strong=not section.optional,
            )
            widget.toggled.connect(lambda open, name=name: self.opened.__setitem__(name, open))
            self.sections[name] = widget
            self._column.addWidget(widget)
        self._plan = dict(plan)
        for name in plan:
            self.sections[name].set_open(self.opened.get(name, self._open_at_first(name)))

    def _open_at_first(self, name: str) -> bool:
        section, experiment = self._plan[name], self.studio.experiment
        assert experiment is not None
        return _on(experiment, section) if section.optional else name not in CLOSED

    def _content(self, section: Section) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(INDENT, 0, 0, 6)
        column.setSpacing(0)
        for field in section.fields:
            row = FieldRow(field)
            row.committed.connect(self._commit)
            row.reset_asked.connect(self._reset)
            self.rows[field.path] = row
            column.addWidget(row)
            self._show_value(row)
        return content

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.rows.clear()
        self.sections.clear()

    def _forget(self, section: Section) -> None:
        for field in section.fields:
            self.rows.pop(field.path, None)

    # values

    def _show_value(self, row: FieldRow) -> None:
        path, studio = row.field.path, self.studio
        waits = path in studio.waiting
        row.show_value(self._value(path), self._reset_value(path), self._running_value(path) if waits else None, waits)

    def _show_badge(self, name: str, section: Section) -> None:
        experiment = self.studio.experiment
        assert experiment is not None
        if section.optional:
            on = _on(experiment, section)
            self.sections[name].set_badge("on" if on else "off", strong=on)

    def _value(self, path: str) -> Any:
        if path == DEVICE.path:
            return self.studio.device
        return value_or_none(self.studio.experiment, path)

    def _running_value(self, path: str) -> Any:
        if path == DEVICE.path:
            return self.studio.status.device
        running = self.studio.session.experiment
        return None if running is None else value_or_none(running, path)

    def _reset_value(self, path: str) -> Any:
        if path == DEVICE.path:
            return self.studio.session.wanted_device
        try:
            return reset_value(self.studio.reference, self.studio.experiment, path)
        except StudioError:
            return default(self.studio.experiment, path)

    def _commit(self, path: str, value: Any) -> None:
        if path == DEVICE.path:
            self.studio.use_device(value)
        elif self.studio.edit(path, value) and path in self.rows:
            self.rows[path].editor.show_value(self._value(path))  # perhaps the same value, typed differently

    def _reset(self, path: str) -> None:
        self._commit(path, self._reset_value(path))

    def _field(self, path: str) -> tuple[str, str] | None:
        """(section, full path) of the field at a path, or of the first field of the component there."""
        for name, section in self._plan.items():
            for field in section.fields:
                if field.path == path or field.path.startswith(f"{path}."):
                    return name, field.path
        return None


def _with_device(section: Section) -> Section:
    if section.name != "schedule":
        return section
    return Section(section.name, section.title, section.description, (*section.fields, DEVICE))


def _on(experiment: Any, section: Section) -> bool:
    try:
        return is_on(experiment, section)
    except StudioError:
        return True  # told what it cannot be: open, so that it can be mended


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(6, 10, 0, 2)
    return label


def _at_the_field(sentence: str, path: str) -> str:
    """The sentence without the field's own name at its head."""
    head, _, rest = sentence.partition(": ")
    if rest and f"{path}.".replace(".params.", ".").startswith(f"{head}.".replace(".params.", ".")):
        sentence = rest
    return f"{sentence[:1].upper()}{sentence[1:]}{'' if sentence.endswith('.') else '.'}"
