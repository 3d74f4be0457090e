"""The game board: it paints every kind of data, lights stages in slow motion alone, and its buttons work."""

from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes.board import BoardFrame, BoardProbe
from ganstudio.training.commands import Pace, Pause, Step, Train
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.training.trainer import Trainer
from ganstudio.ui import theme
from ganstudio.ui.bridge import Bridge
from ganstudio.ui.panels.board import PACES, BoardPanel
from ganstudio.ui.studio import Studio

MADE = {
    "images": ("dcgan-mnist", ("data", "pixel-faces"), ("players.*.network.width", 4)),
    "plane": ("ring-8", ("players.*.network.hidden", [8])),
    "line": ("figure-1", ("players.*.network.hidden", [8])),
    "critic, at once": (
        "ring-8",
        ("players.*.network.hidden", [8]),
        ("objective", "relativistic-average"),
        ("game.params.order", "simultaneous"),
    ),
}


def trainer_of(made: str) -> Trainer:
    torch.set_num_threads(1)
    preset, *edits = MADE[made]
    experiment = files.preset(preset)
    for path, value in (("batch_size", 16), *edits):
        experiment, _ = change(experiment, path, value)
    return Trainer(experiment)


def frames_of(made: str, count: int) -> list[BoardFrame]:
    """Frames before the first part and after each of the next ones."""
    trainer, probe = trainer_of(made), BoardProbe()
    found = [probe.frame(trainer)]
    for _ in range(count - 1):
        trainer.play_next()
        trainer.flush()
        found.append(probe.frame(trainer))
    return found


@pytest.fixture(scope="module")
def plane() -> list[BoardFrame]:
    return frames_of("plane", 4)


@pytest.fixture
def idle(qapp) -> Studio:
    """A studio whose session never starts."""
    return Studio(Session(probes=dict))


@pytest.fixture
def panel(idle, qtbot) -> BoardPanel:
    panel = BoardPanel(idle)
    qtbot.addWidget(panel)
    panel.resize(1000, 600)
    panel.show()
    return panel


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("made", MADE)
def test_it_paints_every_kind_of_data_at_any_size(qapp, panel, made, choice):
    theme.apply(qapp, choice)
    frames = frames_of(made, 3)
    for size in ((360, 240), (1280, 720), (2560, 1440)):
        panel.resize(*size)
        for frame in frames:
            panel.show_frame(frame)
            image = panel.view.grab().toImage()
            inside = panel.view.places().nodes["x"].center()
            assert image.width() == panel.view.width()
            assert panel.view.rect().contains(inside.toPoint())
        for _ in panel.stages:
            QTest.keyClick(panel.view, Qt.Key.Key_Right)
            panel.view.grab()
    theme.apply(qapp, "light")


def test_nodes_lie_apart_and_inside(panel, plane):
    panel.show_frame(plane[1])
    for size in ((360, 240), (730, 280), (1280, 720), (2560, 1440)):
        panel.resize(*size)
        place = panel.view.places()
        nodes = list(place.nodes.values())
        for index, one in enumerate(nodes):
            assert panel.view.rect().toRectF().contains(one)
            assert one.bottom() < place.foot.top()
            assert not any(one.intersects(other) for other in nodes[index + 1 :])
        assert not place.order.intersects(place.nodes["G"])


def test_at_full_speed_nothing_is_lit(panel, plane):
    for frame in plane:
        panel.show_frame(frame)
        assert panel.view.stage is None
    assert not panel._timer.isActive()


def test_in_slow_motion_the_stages_follow_each_other_in_the_time_there_is(panel, plane, qtbot):
    panel.studio.set_pace(0.5)
    panel.show_frame(plane[0])
    assert panel.view.stage is None
    panel.show_frame(plane[1])
    seen = [panel.view.stage.title]
    assert seen == ["Sample z"]

    def last() -> bool:
        if panel.view.stage.title != seen[-1]:
            seen.append(panel.view.stage.title)
        return len(seen) == 6

    qtbot.waitUntil(last, timeout=3000)
    assert seen == ["Sample z", "Sample x", "D scores both", "Loss", "Gradient", "Update"]
    assert panel.view.accessibleDescription().startswith("Update: Adam moves D")
    qtbot.waitUntil(lambda: not panel._timer.isActive())
    panel.show_frame(plane[2])
    assert panel.stages[1].title == "D scores G(z)"
    assert panel.view.stage is panel.stages[0]


def test_a_pace_too_fast_to_read_lights_the_whole_part(panel, plane):
    panel.studio.set_pace(8)
    panel.show_frame(plane[0])
    panel.show_frame(plane[1])
    assert panel.view.stage.title == "D's update"
    panel.show_frame(plane[1])
    assert panel.view.stage.title == "D's update"
    assert not panel._timer.isActive()
    panel.studio.set_pace(0)
    panel.show_frame(plane[2])
    assert panel.view.stage is None


def test_the_timer_runs_neither_hidden_nor_at_rest(panel, plane):
    panel.studio.set_pace(0.1)
    panel._follow_status(Status(phase="running"))
    panel.show_frame(plane[0])
    panel.show_frame(plane[1])
    assert panel._timer.isActive()
    panel._follow_status(Status(phase="paused"))
    assert not panel._timer.isActive()
    assert panel.view.stage.title == "Sample z"
    panel.show_frame(plane[2])
    assert panel._timer.isActive()
    panel.hide()
    assert not panel._timer.isActive()


def test_arrows_and_clicks_walk_through_the_part_played_last(panel, plane):
    panel.show_frame(plane[1])
    assert "← and →" in panel.view.summary
    for key, title in (("Right", "Sample z"), ("Right", "Sample x"), ("Left", "Sample z"), ("Left", "Sample z")):
        QTest.keyClick(panel.view, getattr(Qt.Key, f"Key_{key}"))
        assert panel.view.stage.title == title
    panel.view.grab()
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=QPointF(panel.view._chips[3].center()).toPoint())
    assert panel.view.stage.title == "Loss"
    for _ in range(9):
        QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.stage.title == "Update"


def test_what_has_no_part_in_a_stage_is_faint(panel, plane):
    panel.show_frame(plane[1])
    panel.show_frame(plane[1])
    box = panel.view.places().nodes["J_G"]
    edge = QPointF(box.center().x() * 1.02, box.bottom()).toPoint()
    before = panel.view.grab().toImage().pixelColor(edge)
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    after = panel.view.grab().toImage().pixelColor(edge)
    ground = QColor(theme.colours().surface).lightness()
    assert abs(after.lightness() - ground) < 0.6 * abs(before.lightness() - ground)


def test_buttons_say_their_keys_and_give_the_commands(panel, monkeypatch):
    given = []
    monkeypatch.setattr(panel.studio.session, "post", given.append)
    for name, key in (("step-d", "(D)"), ("step-g", "(G)"), ("step", "(.)"), ("train", "(Space)"), ("slow", "(,)")):
        assert key in panel._buttons[name].toolTip()
        panel._buttons[name].click()
    assert given == [Step(player="discriminator"), Step(player="generator"), Step(), Train(), Pace(steps_per_s=0.25)]
    assert panel._buttons["slow"].isChecked()
    assert panel.pace.text() == "¼ step/s"
    panel.slider.setValue(len(PACES) - 1)
    assert given[-1] == Pace(steps_per_s=0.0)
    assert panel.pace.text() == "full speed"
    assert not panel._buttons["slow"].isChecked()
    panel.slider.setValue(0)
    assert given[-1] == Pace(steps_per_s=1 / 16)


def test_steps_are_taken_at_rest_only(panel):
    panel._follow_status(Status(phase="running"))
    assert not any(panel._buttons[name].isEnabled() for name in ("step-d", "step-g", "step"))
    assert panel._buttons["train"].text() == "Pause"
    panel._follow_status(Status(phase="paused"))
    assert panel._buttons["step-d"].isEnabled()
    assert panel._buttons["train"].text() == "Train"


@pytest.fixture
def live(qapp) -> Iterator[Studio]:
    session = Session(probes=lambda: {"board": BoardProbe}, device="cpu", threads=1).start()
    studio = Studio(session)
    yield studio
    studio.explorer.close()
    assert session.close()


def test_a_live_run_in_slow_motion_tells_each_part(live, qtbot):
    panel = BoardPanel(live)
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.show()
    bridge = Bridge(live, [panel])
    live.open(change(files.preset("ring-8"), "batch_size", 16)[0])
    live.set_pace(0.6)
    live.session.post(Pause(at=2))
    live.train()
    told = []

    def seen() -> bool:
        stage, frame = panel.view.stage, panel._frame
        if stage is not None and (frame.played, stage.title) not in told:
            told.append((frame.played, stage.title))
        return live.status.phase == "paused"

    qtbot.waitUntil(seen, timeout=60000)
    qtbot.waitUntil(lambda: not panel._timer.isActive(), timeout=60000)  # the panel hears of the pause a look later
    bridge.stop()
    assert ("discriminator", "Gradient") in told
    assert ("generator", "Gradient through D") in told
