"""Words that change while training goes on move nothing around them."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from ganstudio.ui import theme
from ganstudio.ui.widgets.steady_label import SteadyLabel


class Ear(QObject):
    """Counts how often a widget is asked to lay out anew."""

    heard = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.heard += event.type() == QEvent.Type.LayoutRequest
        return False


def row(qtbot, label: QLabel) -> tuple[QWidget, Ear]:
    window, ear = QWidget(), Ear()
    layout = QHBoxLayout(window)
    layout.addWidget(label)
    layout.addWidget(QLabel("beside it"))
    qtbot.addWidget(window)
    window.installEventFilter(ear)
    with qtbot.waitExposed(window):
        window.show()
    return window, ear


def requests(label: QLabel, ear: Ear) -> int:
    """Layouts asked for by a counter's next hundred words."""
    label.setText("step 9,999")
    QApplication.processEvents()
    ear.heard = 0
    for step in range(1000, 1100):
        label.setText(f"step {step:,}")
        QApplication.processEvents()
    return ear.heard


def test_a_counter_asks_for_no_layout(qtbot):
    for label, asks in ((SteadyLabel(), False), (QLabel(), True)):
        window, ear = row(qtbot, label)
        assert (requests(label, ear) > 0) == asks
        window.close()


def test_it_grows_with_its_words_and_does_not_shrink(qtbot):
    label = SteadyLabel()
    _window, _ = row(qtbot, label)
    label.setText("step 12")
    QApplication.processEvents()
    narrow = label.width()
    label.setText("step 1,234,567")
    QApplication.processEvents()
    wide = label.width()
    assert wide > narrow
    assert wide >= label.fontMetrics().horizontalAdvance(label.text())
    label.setText("step 1")
    QApplication.processEvents()
    assert label.width() == wide


def test_it_follows_the_size_of_type(qtbot):
    """As the stage changes it."""
    label, application = SteadyLabel(), QApplication.instance()
    theme.apply(application, "light")
    _window, _ = row(qtbot, label)
    label.setText("step 12")
    QApplication.processEvents()
    font, larger, width = application.font(), application.font(), label.width()
    larger.setPointSizeF(2 * larger.pointSizeF())
    theme.enlarge(application, 2.0, larger)
    qtbot.waitUntil(lambda: label.width() > 1.5 * width)
    theme.enlarge(application, 1.0, font)
    qtbot.waitUntil(lambda: label.width() == width)
