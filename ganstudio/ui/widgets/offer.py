"""What a panel says in place of its picture when it needs other data: a sentence, and presets that have them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio


class Offer(QWidget):
    """Covers ``over`` while it is visible; each of ``presets``, (name, title), is a button that opens it."""

    def __init__(self, studio: "Studio", over: QWidget, sentence: str, presets: Iterable[tuple[str, str]]):
        super().__init__(over)
        self.setAutoFillBackground(True)
        words = QLabel(sentence)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        font = words.font()
        font.setPointSizeF(1.3 * font.pointSizeF())
        words.setFont(font)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for name, title in presets:
            button = QPushButton(f"Open {title}")
            button.setAccessibleName(f"Open the preset {title}")
            button.setToolTip(f"Open the preset {title} in place of what is open; a run in progress is saved")
            button.clicked.connect(lambda _, name=name: studio.preset_chosen.emit(name))
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addLayout(buttons)
        layout.addStretch(1)
        over.installEventFilter(self)
        self.hide()

    def setVisible(self, visible: bool) -> None:
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        super().setVisible(visible)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        return False
