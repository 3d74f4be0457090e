"""The Explore perspective by keyboard alone: Tab comes to every control, and no two things listen to one key."""

from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from whole_window import WAIT, phase

from ganstudio.ui.panel import Panel, panel_names
from ganstudio.ui.perspectives import perspective

EXPLORE = [name for name in panel_names() if name in perspective("explore").panels]
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QAbstractItemView, QComboBox, QLineEdit)
MOST = 400
"""Presses of Tab; a chain that is longer goes in circles."""


@pytest.fixture
def window(make, qtbot, tiny):
    window = make(tiny)
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.resize(1600, 1000)
    window.show_perspective("explore")
    return window


def controls(panel: Panel) -> list[QWidget]:
    """Everything in view that a mouse can work with and that would answer."""
    return [
        one
        for kind in CONTROLS
        for one in panel.findChildren(kind)
        if one.isVisible()
        and one.isEnabled()
        and not one.objectName().startswith("qt_")
        and not isinstance(one.parent(), QAbstractSpinBox | QComboBox)
        and not (isinstance(one, QScrollBar) and one.maximum() == one.minimum())
        and not (isinstance(one, QScrollBar) and one.objectName() == "" and _of_area(one))
    ]


def _of_area(bar: QScrollBar) -> bool:
    """Whether it scrolls what Tab scrolls by itself."""
    return "scrollarea" in bar.parent().objectName()


def grouped(control: QWidget) -> bool:
    """Whether the arrow keys come to it from its neighbours: one of several that exclude each other."""
    return isinstance(control, QAbstractButton) and (
        control.autoExclusive() or (control.group() is not None and control.group().exclusive())
    )


def of_a_slider(control: QWidget, reached: list[QWidget]) -> bool:
    """Whether it does what the keys of a slider beside it do, and is left out for a shorter way through twelve."""
    sliders = [one for one in reached if "Slider" in type(one).__name__]
    return isinstance(control, QAbstractButton) and any(one.parent() is control.parent() for one in sliders)


def by_tab(panel: Panel) -> list[QWidget]:
    """What Tab comes to in a panel, one after another, from its first control on."""
    found: list[QWidget] = []
    panel.activateWindow()
    start = panel.nextInFocusChain()
    while start is not panel and not (start.focusPolicy() & Qt.FocusPolicy.TabFocus and start.isVisibleTo(panel)):
        start = start.nextInFocusChain()
    start.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(MOST):
        now = QApplication.focusWidget()
        if now is None or now in found:
            break
        found.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    return [one for one in found if panel.isAncestorOf(one)]


def missed(panel: Panel, reached: list[QWidget]) -> list[str]:
    """Controls that Tab does not come to."""
    return [
        f"{panel.name}: {type(one).__name__} {one.accessibleName()!r}"
        for one in controls(panel)
        if one not in reached
        and not any(one.isAncestorOf(other) for other in reached)
        and not grouped(one)
        and not of_a_slider(one, reached)
    ]


def test_tab_comes_to_every_control(window, qtbot):
    left_out, nameless = [], []
    for name in EXPLORE:
        window.bring_up(name)
        panel = window.panels[name]
        qtbot.waitUntil(panel.isVisible, timeout=WAIT)
        for _ in range(20):  # controls come in with G's first answers, also while Tab goes round
            reached = by_tab(panel)
            if reached and not missed(panel, reached):
                break
            qtbot.wait(100)
        left_out += missed(panel, reached)
        nameless += [
            f"{name}: {type(one).__name__}"
            for one in reached
            if not (one.accessibleName() or (isinstance(one, QAbstractButton) and one.text()))
        ]
        assert reached, name
    assert left_out == []
    assert nameless == []


def keys(widget: QWidget) -> list[tuple[str, QWidget, Qt.ShortcutContext]]:
    """Every key that something in a widget listens to, the widget whose focus it needs, and how near."""
    found = []
    for one in widget.findChildren(QShortcut):
        found += [(key.toString(), one.parent(), one.context()) for key in QShortcut.keys(one)]
    seen = set()  # an action is also its button's
    for owner in (widget, *widget.findChildren(QWidget)):
        for action in set(owner.actions()) - seen:
            seen.add(action)
            found += [(key.toString(), owner, action.shortcutContext()) for key in action.shortcuts()]
    return [(key, owner, context) for key, owner, context in found if key]


def has_a_button(owner: QWidget, context: Qt.ShortcutContext) -> bool:
    """Whether what listens to a key does so too while a button or a list has the focus."""
    if context == Qt.ShortcutContext.WidgetShortcut:  # a button's own is pressed by that
        return False
    return bool(owner.findChild(QAbstractButton) or owner.findChild(QComboBox))


def overlap(one: QWidget, other: QWidget) -> bool:
    """Whether a control can be in both."""
    return one is other or one.isAncestorOf(other) or other.isAncestorOf(one)


def test_no_key_means_two_things(window, qtbot):
    """Qt would do neither of them."""
    taken = {key.toString() for action in window.all_actions() for key in action.shortcuts()}
    pressing = {key.toString() for key in window.enter.shortcuts()}
    twice, clashes, loose = [], [], []
    for panel in window.panels.values():
        listening = keys(panel)
        clashes += [
            f"{panel.name}: {key}"
            for key, owner, context in listening
            if key in taken or (key in pressing and has_a_button(owner, context))
        ]
        wide = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)
        loose += [f"{panel.name}: {key}" for key, _, context in listening if context in wide]
        twice += [
            f"{panel.name}: {key}"
            for (key, owner, _), (other, second, _) in combinations(listening, 2)
            if QKeySequence(key) == QKeySequence(other) and overlap(owner, second)
        ]
    assert clashes == []
    assert loose == []
    assert twice == []
    enter_presses_a_button_whose_own_key_is_enter(window, qtbot)


def enter_presses_a_button_whose_own_key_is_enter(window, qtbot):
    panel = window.panels["runs"]
    window.show_perspective("runs")
    action = panel.actions_by_name["open"]
    button = next(one for one in panel.findChildren(QAbstractButton) if action in one.actions())
    action.setEnabled(True)
    pressed = []
    action.triggered.disconnect()
    action.triggered.connect(lambda: pressed.append(True))
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus, timeout=WAIT)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True]
