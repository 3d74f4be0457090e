"""The banner: it stays until it is dismissed, unless it only offers something for a while."""

import pytest
from PySide6.QtWidgets import QWidget

from ganstudio.ui.widgets.banner import Banner


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return window


@pytest.fixture
def banner(window):
    return Banner(window)


def test_an_offer_withdraws(banner, qtbot):
    banner.say("A run was moved to the trash.", {"Undo": lambda: None}, danger=False, seconds=0.05)
    assert banner.isVisible()
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=10_000)


def test_what_is_said_after_an_offer_stays(banner, qtbot):
    banner.say("A run was moved to the trash.", {"Undo": lambda: None}, danger=False, seconds=0.05)
    banner.say("Saving has failed.")
    qtbot.wait(200)
    assert banner.isVisible()
    assert banner.text == "Saving has failed."
