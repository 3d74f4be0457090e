"""The Experiment panel: a form of every field, what each edit does, and files."""

from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu, QStyleOptionComboBox

from ganstudio.experiment.differences import field_paths
from ganstudio.experiment.paths import value_at
from ganstudio.ui import theme
from ganstudio.ui.panels.experiment import ExperimentPanel
from ganstudio.ui.perspectives import perspective
from ganstudio.ui.widgets.field_row import FieldRow

RATE = "players.generator.optimiser.params.lr"
WIDTH = "players.generator.network.params.hidden"


@pytest.fixture
def panel(studio, qtbot):
    panel = ExperimentPanel(studio)
    studio.action_wanted.connect(lambda name: studio.restart() if name == "restart" else None)
    qtbot.addWidget(panel)
    panel.resize(360, 800)
    panel.show()
    return panel


def row(panel, path) -> FieldRow:
    """The field's row; its section is opened."""
    for name, section in panel.form.sections.items():
        if path.startswith(f"{name}."):
            section.set_open(True)
    return panel.form.rows[path]


def type_into(found: FieldRow, text: str) -> None:
    """As a person does: replace the text and press Return."""
    edit = found.editor if isinstance(found.editor, QLineEdit) else found.editor.findChild(QLineEdit)
    edit.setText(text)
    QTest.keyClick(found.editor, Qt.Key.Key_Return)


def choose(found: FieldRow, value: str) -> None:
    """Pick an entry of a combo box."""
    box = found.editor
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


# the form


def test_the_form_has_a_row_for_every_field_with_its_value(panel, studio):
    for section in panel.form.sections.values():
        section.set_open(True)
    assert set(field_paths(studio.experiment)) - set(panel.form.rows) == {"game.kind"}
    assert panel.form.rows[RATE].editor.lineEdit().text() == "0.001"
    assert panel.form.rows[WIDTH].editor.text() == "8"
    assert panel.form.rows["data.kind"].editor.currentText() == "Pixel faces"


def test_the_form_is_quick_to_fill(panel, studio):
    def once() -> float:
        start = thread_time()
        panel.form._clear()
        panel.form._plan = {}
        panel.form.refresh()
        return thread_time() - start

    assert min(once() for _ in range(3)) <= 0.25, "seconds of the processor, also where others use it"


def test_sections_of_regularisers_that_are_off_are_made_when_they_are_opened(panel, studio):
    section = panel.form.sections["regularisers.r1"]
    assert not section.is_open
    assert "regularisers.r1.gamma" not in panel.form.rows
    section.header.click()
    assert panel.form.rows["regularisers.r1.gamma"].isVisible()


def test_every_control_has_a_tooltip_and_an_accessible_name(panel):
    for section in panel.form.sections.values():
        section.set_open(True)
    for control in panel.findChildren(QAbstractButton) + panel.findChildren(QComboBox):
        assert control.toolTip(), control
        assert control.accessibleName() or control.text(), control
    for line in panel.findChildren(QLineEdit):
        assert line.accessibleName(), line
    for found in panel.form.rows.values():
        tip = found.editor.toolTip()
        assert found.field.path in tip
        assert ("next step" if found.field.live else "on restart") in tip


def test_an_objective_shows_its_formula_and_source(panel):
    found = row(panel, "objective.kind")
    assert "J_G = −E log D(G(z))" in found.editor.toolTip()
    index = found.editor.findData("saturating")
    assert "Goodfellow" in found.editor.itemData(index, Qt.ItemDataRole.ToolTipRole)


def test_a_typed_value_is_an_edit(panel, studio):
    type_into(row(panel, RATE), "2e-4")
    assert value_at(studio.experiment, RATE) == 2e-4
    assert row(panel, RATE).editor.lineEdit().text() == "0.0002"
    type_into(row(panel, WIDTH), "16, 32")
    assert value_at(studio.experiment, WIDTH) == [16, 32]
    choose(row(panel, "objective.kind"), "saturating")
    assert studio.saturating


def test_the_same_value_typed_differently_is_no_edit(panel, studio):
    type_into(row(panel, RATE), "1e-3")
    assert studio.undo_stack.count() == 0
    assert row(panel, RATE).editor.lineEdit().text() == "0.001"


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        (RATE, "0", "Must be a number more than 0 and at most 10 (it is 0)."),
        (RATE, "fast", "Must be a number more than 0 and at most 10 (it is 'fast')."),
        ("batch_size", "1.5", "Must be a whole number of at least 1 and at most 65536 (it is 1.5)."),
        (WIDTH, "many", "Must be whole numbers (it is 'many')."),
        (WIDTH, "0", "Must be 1 to 8 layers of 1 to 8192 units each"),
        ("seed", "", "Must be a whole number of at least 0"),
    ],
)
def test_a_bad_value_is_refused_at_the_field_and_the_value_returns(panel, studio, tiny, path, text, sentence):
    type_into(row(panel, path), text)
    assert row(panel, path).sentence.startswith(sentence)
    assert studio.experiment == tiny
    shown_now = row(panel, path).editor
    shown_now = shown_now if isinstance(shown_now, QLineEdit) else shown_now.lineEdit()
    assert shown_now.text() not in (text, "")
    type_into(row(panel, "ema"), "0.5")
    assert row(panel, path).sentence == ""


def test_what_the_session_refuses_is_said_at_the_field(panel, studio, settle):
    type_into(row(panel, "batch_size"), "60000")
    settle(studio)
    assert "larger than the data set" in row(panel, "batch_size").sentence
    assert row(panel, "batch_size").editor.lineEdit().text() == "8"


def test_a_refusal_opens_the_section_of_its_field(panel, studio):
    assert not panel.form.sections["regularisers.r1"].is_open
    studio.edit("r1", -1)
    assert panel.form.sections["regularisers.r1"].is_open
    assert panel.form.rows["regularisers.r1.gamma"].sentence.startswith("Must be a number of at least 0")


def test_a_reset_is_grey_at_the_reference_and_returns_to_it(panel, studio):
    found = row(panel, RATE)
    assert not found.reset.isEnabled()
    type_into(found, "0.01")
    assert found.reset.isEnabled()
    assert found.reset.toolTip() == "Back to 0.001"
    found.reset.click()
    assert value_at(studio.experiment, RATE) == 0.001
    assert not found.reset.isEnabled()


def test_a_field_that_came_with_another_kind_is_reset_to_its_default(panel, studio):
    choose(row(panel, "players.generator.optimiser.kind"), "rmsprop")
    type_into(row(panel, RATE), "0.01")
    row(panel, RATE).reset.click()
    assert value_at(studio.experiment, RATE) == 5e-5


def test_the_form_follows_edits_from_elsewhere_undo_and_redo(panel, studio):
    studio.toggle_saturating()
    assert row(panel, "objective.kind").editor.currentData() == "saturating"
    studio.undo_stack.undo()
    assert row(panel, "objective.kind").editor.currentData() == "non-saturating"
    studio.undo_stack.redo()
    assert row(panel, "objective.kind").editor.currentData() == "saturating"
    studio.edit("lr", 0.5)
    assert row(panel, RATE).editor.lineEdit().text() == "0.5"


def test_an_edit_elsewhere_leaves_what_is_being_typed(panel, studio):
    line = row(panel, RATE).editor.lineEdit()
    line.setText("0.00")
    studio.edit("ema", 0.5)
    assert line.text() == "0.00"


def test_another_kind_brings_its_own_fields(panel, studio):
    choose(row(panel, "players.generator.optimiser.kind"), "sgd")
    assert "players.generator.optimiser.params.final_momentum" in panel.form.rows
    assert "players.generator.optimiser.params.beta1" not in panel.form.rows
    choose(row(panel, "data.kind"), "folder")
    assert "data.params.path" in panel.form.rows
    studio.undo_stack.undo()
    assert "data.params.path" not in panel.form.rows


def test_tab_goes_down_the_form_in_order(panel, studio):
    choose(row(panel, "players.generator.optimiser.kind"), "sgd")  # whose rows are made last
    panel.form.sections["regularisers.r1"].header.click()
    stops, widget = [], panel.form.sections["data"].header
    for _ in range(2000):
        stops.append(widget)
        widget = widget.nextInFocusChain()
    headers = [section.header for section in panel.form.sections.values()]
    places = {id(stop): place for place, stop in reversed(list(enumerate(stops)))}
    assert [places[id(header)] for header in headers] == sorted(places[id(header)] for header in headers)
    for name, section in panel.form.sections.items():
        following = [places[id(header)] for header in headers if places[id(header)] > places[id(section.header)]]
        for path, found in panel.form.rows.items():
            if section.content is not None and section.content.isAncestorOf(found):
                place = places[id(found.editor.focusProxy() or found.editor)]
                assert places[id(section.header)] < place < min(following, default=10**6), (name, path)


def test_structural_edits_wait_and_are_named_until_the_restart(panel, studio, settle):
    assert not panel.notice.isVisible()
    type_into(row(panel, WIDTH), "16")
    assert panel.notice.isVisible()
    assert "Hidden layers of generator" in panel.notice.accessibleName()
    assert row(panel, WIDTH).sentence == "Waits for a restart: 8 until then."
    studio.undo_stack.undo()
    assert not panel.notice.isVisible()
    assert row(panel, WIDTH).sentence == ""
    studio.undo_stack.redo()
    panel.restart.click()
    assert not panel.notice.isVisible()
    settle(studio)
    assert value_at(studio.session.experiment, WIDTH) == [16]
    assert row(panel, WIDTH).reset.isEnabled()  # still to the experiment as it was opened


def test_live_edits_do_not_wait(panel, studio):
    type_into(row(panel, RATE), "0.01")
    assert not panel.notice.isVisible()
    assert row(panel, RATE).mark.toolTip() == ""
    assert row(panel, WIDTH).mark.toolTip() == "Acts on restart"


def test_regularisers_say_whether_they_are_on(panel, studio):
    header = panel.form.sections["regularisers.instance-noise"].header
    assert header.accessibleDescription() == "off"
    studio.edit("instance_noise", 0.1)
    assert header.accessibleDescription() == "on"


def test_a_chosen_device_waits_and_an_absent_one_is_refused(panel, studio):
    import torch

    found = row(panel, "device")
    assert found.editor.currentData() == "cpu"
    choose(found, "auto")
    assert panel.notice.isVisible()
    if not torch.cuda.is_available():
        choose(found, "cuda")
        assert found.sentence == "No CUDA device is present here; use cpu."
        assert found.editor.currentData() == "auto"
    choose(found, "cpu")
    assert not panel.notice.isVisible()


def test_a_title_too_long_for_its_box_ends_in_dots(panel):
    box, option = row(panel, "data.kind").editor, QStyleOptionComboBox()
    box.addItem("A data set of a very long title indeed")
    box.setCurrentIndex(box.count() - 1)
    box.initStyleOption(option)
    assert option.currentText.endswith("…")
    box.resize(600, box.height())
    box.initStyleOption(option)
    assert option.currentText == box.currentText()


def test_in_a_window_of_1280_pixels_the_losses_are_named_in_full(panel):
    train = perspective("train")
    panel.resize(1280 * train.widths[0] // sum(train.widths) - 3, 800)
    box, option = row(panel, "objective.kind").editor, QStyleOptionComboBox()
    QApplication.processEvents()
    box.initStyleOption(option)
    assert option.currentText == "Non-saturating"


def test_the_mouse_wheel_scrolls_and_changes_nothing(panel, studio, tiny):
    down = QPointF(5, 5)
    for path in (RATE, "objective.kind", "batch_size"):
        target = row(panel, path).editor
        target.setFocus()
        wheel = QWheelEvent(
            down,
            target.mapToGlobal(down),
            QPointF(0, -120).toPoint(),
            QPointF(0, -120).toPoint(),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, wheel)
        assert not wheel.isAccepted()
    assert studio.experiment == tiny


def test_arrow_keys_step_and_escape_forgets_what_was_typed(panel, studio, qtbot):
    edit = row(panel, RATE).editor
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert value_at(studio.experiment, RATE) == 0.002
    qtbot.keyClick(edit, Qt.Key.Key_PageDown)
    assert value_at(studio.experiment, RATE) == pytest.approx(1e-6)
    edit.lineEdit().setText("nonsense")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.lineEdit().text() == "1e-6"
    assert row(panel, RATE).sentence == ""


# files


def test_buttons_ask_the_window_for_its_actions(panel, studio):
    wanted = QSignalSpy(studio.action_wanted)
    for name in ("Open…", "Save as…"):
        next(one for one in panel.findChildren(QAbstractButton) if one.text() == name).click()
    assert [wanted.at(i)[0] for i in range(2)] == ["open", "save"]


def test_recent_files_can_be_opened_again(panel, studio):
    panel.recent.aboutToShow.emit()
    assert [action.isEnabled() for action in panel.recent.actions()] == [False]
    studio.recent = ["/a/mine.toml"]
    panel.recent.aboutToShow.emit()
    chosen = QSignalSpy(studio.path_chosen)
    (action,) = panel.recent.actions()
    assert isinstance(panel.recent, QMenu)
    assert (action.text(), action.toolTip()) == ("mine.toml", str(Path("/a/mine.toml")))
    action.trigger()
    assert chosen.at(0) == [Path("/a/mine.toml")]


@pytest.mark.parametrize("name", ["mine.toml", "faces"])
def test_what_is_dropped_on_the_panel_is_opened(panel, studio, tmp_path, name):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    chosen = QSignalSpy(studio.path_chosen)
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    panel.dropEvent(drop)
    assert chosen.at(0) == [tmp_path / name]


# looks and memory


def test_which_sections_are_open_is_remembered(panel, studio, qtbot):
    panel.form.sections["data"].header.click()
    panel.gallery_section.header.click()
    state = panel.save_state()
    other = ExperimentPanel(studio)
    qtbot.addWidget(other)
    other.load_state(state)
    assert not other.gallery_section.is_open
    assert other.save_state() == state
    for nonsense in ({}, {"presets": 3}, {"sections": [1]}, {"sections": {"data": "x", 3: 4}}):
        other.load_state(nonsense)


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_it_takes_both_themes(panel, qapp, choice):
    theme.apply(qapp, choice)
    panel.restyle()
    row(panel, RATE).refuse("No.")
    picture = panel.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, picture.height() - 3).lightness() < 128 or choice == "light"


def test_nothing_sticks_out_at_360_pixels(panel):
    for section in panel.form.sections.values():
        section.set_open(True)
    QApplication.processEvents()
    page = panel.scroll.widget()
    assert page.minimumSizeHint().width() <= panel.scroll.viewport().width()
    assert page.width() <= panel.scroll.viewport().width()


def test_at_its_least_width_no_field_is_cut(panel):
    panel.resize(panel.minimumSizeHint().width(), 800)
    assert panel.scroll.widget().width() <= panel.scroll.viewport().width()
