"""A strip over the lower edge of the window that says what went wrong, and offers ways on."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ganstudio.ui.theme import colours


class Banner(QFrame):
    """Hidden until ``say`` is called; the newest sentence replaces the last."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("banner")
        self.above: QWidget | None = None
        """What it leaves free along the window's lower edge, besides the status bar."""
        self._danger = self._wrong = True
        self._leaving = QTimer(self, singleShot=True)
        self._leaving.timeout.connect(self._leave)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Dismiss this message")
        close.setAccessibleName("Dismiss this message")
        close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 6)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def say(
        self,
        sentence: str,
        ways: dict[str, Callable[[], object]] | None = None,
        *,
        danger: bool = True,
        wrong: bool = True,
        seconds: float = 0.0,
    ) -> None:
        """Show a sentence, with a button for each way on. Nothing is ``wrong``: it only tells how things are.

        It stays until it is dismissed; or for so many ``seconds``, and as long as the mouse rests on it.
        """
        self._leaving.stop()
        if seconds:
            self._leaving.start(round(1000 * seconds))
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []
        for title, run in (ways or {}).items():
            button = QPushButton(title)
            button.setToolTip(title)
            button.clicked.connect(self.hide)  # first: what runs may have something to say
            button.clicked.connect(run)
            self._row.insertWidget(self._row.count() - 1, button)
            self._buttons.append(button)
        self._danger, self._wrong = danger, wrong
        self.restyle()
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.place()
        self.show()
        self.raise_()

    def _leave(self) -> None:
        if self.underMouse():
            self._leaving.start()
        else:
            self.hide()

    def restyle(self) -> None:
        """Take the theme's colours; one that stands stays legible."""
        edge = colours().accent if not self._wrong else colours().danger if self._danger else colours().warning
        self.setStyleSheet(
            f"#banner {{ background: {colours().surface}; border: 1px solid {colours().grid};"
            f" border-left: 6px solid {edge}; }}"
        )

    def place(self) -> None:
        """Stand over the lower edge of the window, above status bar and timeline, without moving the panels."""
        window = self.window()
        if self.parentWidget() is None:
            return
        width = min(900, window.width() - 40)
        height = max(self.minimumSizeHint().height(), self.heightForWidth(width))
        free = self.above.height() if self.above is not None and self.above.isVisible() else 0
        self.setGeometry((window.width() - width) // 2, window.height() - height - 40 - free, width, height)
        self.raise_()
