"""Enter presses the control that has the keyboard: Space, which does so elsewhere, trains."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMainWindow, QWidget


class EnterPresses(QAction):
    """In force only while a button or a list has the keyboard: everywhere else Enter stays what it is.

    An event filter over the program would cost time at every event; this costs some when the focus moves.
    """

    def __init__(self, window: QMainWindow):
        super().__init__("Press the control with the focus", window)
        self.setShortcuts([Qt.Key.Key_Return, Qt.Key.Key_Enter])
        self.setEnabled(False)
        self.triggered.connect(self._press)
        window.addAction(self)
        QApplication.instance().focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        self.setEnabled(isinstance(now, QAbstractButton | QComboBox))

    def _press(self) -> None:
        control = QApplication.focusWidget()
        if isinstance(control, QAbstractButton):
            control.click()
        elif isinstance(control, QComboBox):
            control.showPopup()
