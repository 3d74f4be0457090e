"""A heading that opens and closes; what stands under it is built when it is first opened."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours


class CollapsibleSection(QWidget):
    """``build`` makes the content, once, when the section is first opened."""

    toggled = Signal(bool)
    """A person has opened or closed it."""

    def __init__(self, title: str, description: str, build: Callable[[], QWidget], *, strong: bool = True):
        super().__init__()
        self._build = build
        self.content: QWidget | None = None
        """None until the section is first opened."""
        self.header = QToolButton()
        self.header.setText(title)
        self.header.setCheckable(True)
        self.header.setAutoRaise(True)
        self.header.setArrowType(Qt.ArrowType.RightArrow)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.setToolTip(description)
        self.header.setAccessibleName(title)
        if strong:
            font = QFont(self.header.font())
            font.setBold(True)
            self.header.setFont(font)
        self.header.clicked.connect(self._clicked)
        self._badge = QLabel(self.header)
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self.header)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addStretch(1)
        inside.addWidget(self._badge)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.header)
        self.restyle()

    @property
    def is_open(self) -> bool:
        """Whether the content shows."""
        return self.header.isChecked()

    def set_open(self, open: bool) -> None:
        """Open or close it."""
        self.header.setChecked(open)
        self.header.setArrowType(Qt.ArrowType.DownArrow if open else Qt.ArrowType.RightArrow)
        if open and self.content is None:
            self.content = self._build()
            self._column.addWidget(self.content)
            self._order_tabs(self.content)
        if self.content is not None:
            self.content.setVisible(open)

    def _order_tabs(self, content: QWidget) -> None:
        """Tab goes from the heading through the content, whenever that was made."""
        before: QWidget = self.header
        for widget in content.findChildren(QWidget):
            stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
            if stops and widget.window() is self.window():  # a combo box's list is a window of its own
                QWidget.setTabOrder(before, widget)
                before = widget

    def renew(self, build: Callable[[], QWidget]) -> None:
        """Other content: built at once when the section is open, else when it is opened."""
        self._build = build
        if self.content is not None:
            self._column.removeWidget(self.content)
            self.content.hide()
            self.content.deleteLater()
            self.content = None
        self.set_open(self.is_open)

    def set_badge(self, words: str, strong: bool = False) -> None:
        """A word or two at the right end of the heading."""
        self._badge.setText(words)
        self._badge.setStyleSheet(f"color: {colours().accent if strong else colours().muted}")
        self.header.setAccessibleDescription(words)

    def restyle(self) -> None:
        """Take the theme's colours: a heading, not a button."""
        shades = colours()
        self.header.setStyleSheet(
            f"QToolButton {{ border: none; border-top: 1px solid {shades.grid}; padding: 4px 2px; }}"
            f"QToolButton:hover, QToolButton:focus {{ color: {shades.accent}; }}"
        )

    def _clicked(self, open: bool) -> None:
        self.set_open(open)
        self.toggled.emit(open)
