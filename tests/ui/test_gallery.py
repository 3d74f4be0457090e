"""The Experiment panel's gallery, which stands before PyTorch is in."""

import subprocess
import sys
from time import thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.files import DEFAULT_PRESET, headline, preset, presets
from ganstudio.training.session import Session
from ganstudio.ui.panels.experiment import ExperimentPanel
from ganstudio.ui.studio import Studio

RATE = "players.generator.optimiser.params.lr"
WIDTH = "players.generator.network.params.hidden"


@pytest.fixture
def early(qtbot):
    """A panel before PyTorch is in: over a session that has not been started."""
    studio = Studio(Session(probes=dict))
    panel = ExperimentPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(360, 800)
    panel.show()
    return panel


def test_the_gallery_is_there_before_pytorch_is(early):
    assert list(early.gallery.cards) == list(presets())
    for name, card in early.gallery.cards.items():
        assert (card.text(), card.toolTip()) == headline(presets()[name])
    assert early.form is None
    assert early.loading.isVisible()
    assert early.loading.text() == "Loading PyTorch…"


def test_making_and_showing_the_panel_imports_no_torch():
    code = (
        "import os, sys\nos.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from PySide6.QtWidgets import QApplication\napplication = QApplication([])\n"
        "from ganstudio.experiment.files import preset\n"
        "from ganstudio.training.session import Session\n"
        "from ganstudio.ui.panels.experiment import ExperimentPanel\n"
        "from ganstudio.ui.studio import Studio\n"
        "studio = Studio(Session(probes=dict))\npanel = ExperimentPanel(studio)\npanel.show()\n"
        "studio.open(preset('dcgan-mnist'))\nstudio.edit('lr', 1e-3)\nstudio.toggle_saturating()\n"
        "application.processEvents()\nsys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_panel_is_quick_to_make_before_pytorch_is_in(early):
    def seconds():
        start = thread_time()
        ExperimentPanel(early.studio).deleteLater()
        return thread_time() - start

    assert min(seconds() for _ in range(3)) <= 0.03


def test_the_card_of_the_open_preset_is_framed(early):
    early.studio.open(preset(DEFAULT_PRESET))
    assert [name for name, card in early.gallery.cards.items() if card.is_open] == [DEFAULT_PRESET]
    assert early.open_title.text() == preset(DEFAULT_PRESET).title
    assert early.about.text() == preset(DEFAULT_PRESET).description


def test_pressing_a_card_asks_for_its_preset(early, qtbot):
    asked = QSignalSpy(early.studio.preset_chosen)
    qtbot.mouseClick(early.gallery.cards["mlp-mnist"], Qt.MouseButton.LeftButton)
    assert asked.at(0) == ["mlp-mnist"]


def test_arrow_keys_go_through_the_gallery_and_return_chooses(early, qtbot):
    cards = list(early.gallery.cards.values())
    early.activateWindow()
    cards[0].setFocus()
    asked = QSignalSpy(early.studio.preset_chosen)
    qtbot.keyClick(cards[0], Qt.Key.Key_Right)
    assert QApplication.focusWidget() is cards[1]
    qtbot.keyClick(cards[1], Qt.Key.Key_Down)
    below = 1 + early.gallery.columns
    assert QApplication.focusWidget() is cards[below]
    assert asked.count() == 0
    qtbot.keyClick(cards[below], Qt.Key.Key_Return)
    assert asked.at(0) == [list(presets())[below]]


def test_the_gallery_has_more_columns_when_there_is_room(early):
    assert early.gallery.columns == 3
    high = early.gallery.height()
    early.resize(1400, 800)
    QApplication.processEvents()
    assert early.gallery.columns > 6
    assert early.gallery.height() < high


def test_the_gallery_is_as_wide_in_a_low_panel_as_in_a_high_one(early):
    """Where it just fits, a scroll bar that came and went would make it higher and lower for ever."""
    widths = set()
    for height in (300, early.gallery.height() + 60, 2000):
        early.resize(1100, height)
        QApplication.processEvents()
        widths.add(early.gallery.width())
    assert len(widths) == 1
