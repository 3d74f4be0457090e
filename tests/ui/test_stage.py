"""The stage: panels over the whole screen in large type, a clicker's keys, and the window as it was afterwards."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganstudio.experiment.scenes import scenes
from ganstudio.ui import theme

WAIT = 60_000


@pytest.fixture
def window(make, qtbot):
    found = make()
    with qtbot.waitExposed(found):
        found.show()
    yield found
    found.stage.leave()


def seen(window) -> set[str]:
    return {name for name, dock in window.docks.items() if dock.isVisible()}


def test_one_or_two_panels_take_the_window(window):
    window.stage.enter(["losses"])
    assert seen(window) == {"losses"}
    window.stage.show_panels(["samples", "histogram", "scores"])
    assert seen(window) == {"samples", "histogram"}
    window.stage.show_panels(["no such panel"])
    assert seen(window) == {"samples", "histogram"}
    assert window.isFullScreen()
    assert not any(part.isVisible() for part in window.frame_parts())


def test_every_panel_can_be_staged_and_the_window_stands_as_before(window, qtbot):
    before, panels, size = seen(window), window.perspectives.currentText(), QApplication.font().pointSizeF()
    places = {name: window.docks[name].size() for name in before}
    window.stage.enter()
    assert QApplication.font().pointSizeF() > 1.4 * size
    assert theme.type_scale() > 1.4
    for name in window.docks:
        window.stage.show_panels([name])
        QApplication.processEvents()
        assert seen(window) == {name}
    window.stage.leave()

    def settled() -> bool:
        ways = [window.docks[name].size() - size for name, size in places.items()]
        return all(abs(way.width()) + abs(way.height()) <= 6 for way in ways)

    qtbot.waitUntil(settled)
    assert seen(window) == before
    assert window.perspectives.currentText() == panels
    assert (QApplication.font().pointSizeF(), theme.type_scale()) == (size, 1.0)
    assert not window.isFullScreen()


def test_the_keys_of_a_speaker(window, qtbot):
    window.stage.enter(["losses"])
    for key, part in ((Qt.Key.Key_B, "blackout"), (Qt.Key.Key_Period, "blackout"), (Qt.Key.Key_H, "halo")):
        for shown in (True, False):
            qtbot.keyClick(QApplication.focusWidget() or window, key)
            assert getattr(window.stage, part).isVisible() is shown
    was = window.stage.bar.isVisible()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_I)
    assert window.stage.bar.isVisible() is not was
    for key in (Qt.Key.Key_B, Qt.Key.Key_Escape):
        qtbot.keyClick(QApplication.focusWidget() or window, key)
    assert not window.stage.blackout.isVisible()
    assert window.stage.on
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert not window.stage.on


def test_a_panel_with_the_focus_keeps_its_letters(window, qtbot):
    window.stage.enter(["plane"])
    switches = window.panels["plane"].switches
    switches["real"].setFocus()
    heat = switches["heat"].isChecked()
    qtbot.keyClick(switches["real"], Qt.Key.Key_H)
    assert switches["heat"].isChecked() is not heat
    assert not window.stage.halo.isVisible()
    qtbot.keyClick(switches["real"], Qt.Key.Key_Period)
    assert window.stage.blackout.isVisible()


def test_a_clicker_is_heard_though_a_text_field_has_the_focus(window, qtbot):
    window.stage.enter(["latent"])
    field = window.panels["latent"].bank.choice.which
    field.setEnabled(True)
    field.setFocus()
    before = field.text()
    for key in (Qt.Key.Key_B, Qt.Key.Key_Period):
        qtbot.keyClick(field, key)
    assert not window.stage.blackout.isVisible()
    assert field.text() == f"{before}b."
    qtbot.keyClick(field, Qt.Key.Key_PageDown)
    assert "Press again" in window.banner.text


@pytest.mark.parametrize("size", [(1920, 1080), (800, 600)])
def test_the_bar_tells_all_keys_however_narrow_the_screen_is(window, size):
    window.stage.enter(["losses"])
    window.resize(*size)
    QApplication.processEvents()
    bar = window.stage.bar
    assert bar.geometry().bottom() == window.rect().bottom()
    assert bar.hints.height() >= bar.hints.heightForWidth(bar.hints.width())
    assert bar.hints.minimumSizeHint().width() <= bar.hints.width()


def test_a_click_ends_the_black_out(window, qtbot):
    window.stage.enter()
    window.stage.toggle_blackout()
    assert window.stage.blackout.geometry() == window.rect()
    qtbot.mouseClick(window.stage.blackout, Qt.MouseButton.LeftButton)
    assert not window.stage.blackout.isVisible()


def test_the_halo_follows_the_pointer_and_the_edge_brings_up_the_bar(window):
    window.stage.enter(["samples"])
    window.stage.toggle_halo()
    window.stage.bar.hide()
    for at in (QPoint(200, 150), QPoint(300, 160)):
        QTest.mouseMove(window.windowHandle(), at)
        QApplication.processEvents()
        assert (window.stage.halo.geometry().center() - at).manhattanLength() <= 20
    assert not window.stage.bar.isVisible()
    QTest.mouseMove(window.windowHandle(), QPoint(300, window.height() - 3))
    QApplication.processEvents()
    assert window.stage.bar.isVisible()


@pytest.mark.usefixtures("own_looks")
def test_the_panels_end_above_the_bar_while_it_is_there(window):
    window.stage.enter(["losses", "samples"])
    panels = [window.panels[name] for name in ("losses", "samples")]

    def lowest() -> int:
        QApplication.processEvents()
        return max(one.mapTo(window, one.rect().bottomLeft()).y() for one in panels)

    assert window.stage.bar.isVisible()
    assert lowest() < window.stage.bar.geometry().top()
    window.resize(1280, 720)
    assert lowest() < window.stage.bar.geometry().top()
    for name in ("light", "dark"):
        theme.apply(QApplication.instance(), name)
        window.restyle()
        assert theme.colours().surface_raised in window.stage.bar.styleSheet()
    window.stage.toggle_bar()
    assert lowest() >= window.height() - 8
    window.stage.toggle_bar()
    window.stage.leave()
    assert window.contentsMargins().bottom() == 0


def test_the_bar_chooses_panels(window):
    window.stage.enter(["samples", "losses"])
    bar = window.stage.bar
    bar.left.setCurrentIndex(bar.left.findData("scores"))
    bar.left.activated.emit(bar.left.currentIndex())
    assert window.stage.panels == ("scores", "losses")
    bar.right.setCurrentIndex(0)
    bar.right.activated.emit(0)
    assert seen(window) == {"scores"}


def test_menu_keys_act_though_the_menus_are_hidden(window, qtbot):
    window.stage.enter(["samples"])
    dark = theme.is_dark()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert theme.is_dark() is not dark
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not window.stage.on


def test_a_clicker_leads_through_the_scenes(window, qtbot):
    names = list(scenes())
    window.start_session()
    qtbot.waitUntil(lambda: window.studio.is_loaded, timeout=WAIT)
    window.stage.enter(["samples"])
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert window.player.scene is None
    assert "Press again" in window.banner.text
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: window.player.beat == 0, timeout=WAIT)
    assert window.player.name == names[0]
    assert seen(window) == set(window.player.scene.panels[:2])
    qtbot.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.player.beat == 0, timeout=WAIT)
    assert window.player.name == names[1]
    qtbot.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: window.player.name == names[0], timeout=WAIT)
    assert window.stage.on


def test_closing_on_the_stage_remembers_the_window_before_it(make, qtbot):
    first = make()
    first.show()
    before = seen(first)
    first.stage.enter(["log"])
    first.close()
    assert theme.type_scale() == 1.0
    again = make()
    again.show()
    assert seen(again) == before
