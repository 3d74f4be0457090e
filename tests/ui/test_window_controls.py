"""The window's controls: each has its name, its tip and its key."""

from html import unescape

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget
from whole_window import WAIT, phase, small

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.ui import theme
from ganstudio.ui.widgets.keys import KeySheet


def test_every_control_has_a_tooltip_and_a_name(make, qtbot):
    """What a screen reader, and a person who hesitates, are told."""
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider

    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    qtbot.wait(200)
    silent = []
    for panel in window.panels.values():
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QLineEdit):
            for control in panel.findChildren(kind):
                if control.objectName().startswith("qt_") or isinstance(control.parent(), QAbstractSpinBox | QComboBox):
                    continue
                name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
                if not (control.toolTip() and name):
                    silent.append((panel.name, type(control).__name__, control.objectName(), name))
    assert not silent


def test_every_action_has_a_tip_and_the_palette_runs_it(make, qtbot):
    window = make(small())
    for action in window.all_actions():
        if action.menu() is None and action.text():
            assert action.statusTip() or action.toolTip(), action.text()
    from ganstudio.ui.widgets.palette import CommandPalette

    window.show_palette()
    palette = window.findChild(CommandPalette)
    palette.search.setText("layout reset")
    done = []
    window.actions_by_name["reset-layout"].triggered.connect(lambda: done.append(True))
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert done


def test_two_actions_never_share_a_key(make):
    window = make()
    keys = [key.toString() for action in window.all_actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_enter_presses_what_has_the_keyboard_and_space_trains(make, qtbot):
    """Space must train whatever was clicked last; so what it presses elsewhere is pressed with Enter."""
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    check = window.panels["histogram"].findChild(QCheckBox)
    check.setFocus(Qt.FocusReason.TabFocusReason)
    before = check.isChecked()
    qtbot.keyClick(check, Qt.Key.Key_Return)
    assert check.isChecked() is not before
    qtbot.keyClick(check, Qt.Key.Key_Space)
    assert check.isChecked() is not before
    qtbot.waitUntil(lambda: window.studio.status.step >= 1, timeout=WAIT)
    rate = window.panels["experiment"].form.rows["players.generator.optimiser.params.lr"].editor
    rate.setFocus(Qt.FocusReason.TabFocusReason)
    rate.lineEdit().selectAll()
    qtbot.keyClicks(rate, "0.0004")
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert window.studio.experiment.players["generator"].optimiser.params["lr"] == 0.0004


def test_the_key_sheet_lists_every_panels_keys_and_fits_a_small_screen(make, qtbot):
    window = make()
    window.resize(1280, 720)
    window.show_keys()
    sheet = window.findChild(KeySheet)
    text = unescape(sheet.text).replace("\xa0", " ")
    for panel in window.panels.values():
        assert not panel.keys or panel.title in text
        assert all(what in text for what in panel.keys.values())
    for shortcuts in [action.shortcuts() for action in window.all_actions()]:
        assert all(key.toString() in text for key in shortcuts)
    assert sheet.width() <= 1280
    assert sheet.height() <= 720
    qtbot.keyClicks(sheet.find, "samples zoom")
    assert "Fit the grid" not in sheet.text
    assert "Zoom" in sheet.text
    sheet.close()


def test_a_panels_keys_are_on_the_sheet(make):
    """What acts by key in a panel and stands on no sheet is found by nobody."""
    window = make()
    for panel in window.panels.values():
        keys = [one.key().toString() for one in panel.findChildren(QShortcut)]
        keys += [key.toString() for action in panel.actions() for key in action.shortcuts()]
        listed = " ".join(panel.keys).replace("←", "Left").replace("→", "Right").replace("↓", "Down")
        assert [key for key in keys if key not in listed] == [], panel.name


def test_the_switch_says_which_loss_is_on(make):
    window = make()
    switch = window.actions_by_name["saturating"]
    window.open_preset("dcgan-mnist")
    assert (switch.text(), switch.isChecked()) == ("G's loss: non-saturating", False)
    experiment, _ = change(files.preset("dcgan-mnist"), "objective.kind", "least-squares")
    window.open_experiment(experiment)
    assert (switch.text(), switch.isChecked()) == ("G's loss: least-squares", False)
    experiment, _ = change(experiment, "objective.kind", "saturating")
    window.open_experiment(experiment)
    assert (switch.text(), switch.isChecked()) == ("G's loss: saturating", True)


def test_what_stands_on_screen_takes_the_colours_of_another_theme(make):
    window = make()
    window.show()
    window.show_perspective("train")
    window.set_theme("light")
    window.banner.say("Something to be read.")
    window.set_theme("dark")
    light = set(vars(theme.LIGHT).values()) - set(vars(theme.DARK).values()) - {theme.ON_ACCENT}
    stale = [
        widget.objectName() or type(widget).__name__
        for widget in [window, *window.findChildren(QWidget)]
        if any(colour in widget.styleSheet() for colour in light)
    ]
    assert stale == []


def test_what_the_banner_says_stays_above_a_panel_that_comes_up(make):
    window = make()
    window.banner.say("Something to be read.")
    for name in ("losses", "scores", "latent", "log"):
        window.bring_up(name)
        window.banner.place()
        found = window.childAt(window.banner.geometry().center())
        assert found is window.banner or window.banner.isAncestorOf(found), name


@pytest.mark.parametrize("lines", [1, 3])
def test_the_banner_covers_no_more_than_its_words_need(make, lines):
    window = make()
    window.show()
    window.banner.say(
        "It was not possible to do what you have asked for, since something was not as it should be. " * lines
    )
    label = max(window.banner.findChildren(QLabel), key=lambda one: len(one.text()))
    needed = label.heightForWidth(label.width())
    assert needed <= label.height() <= max(needed + 4, label.fontMetrics().height() * 2)
