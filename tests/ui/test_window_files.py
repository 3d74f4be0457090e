"""What the window opens: folders, points, runs, shipped weights, and what is not there."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from whole_window import WAIT, drop, phase, small, trained

from ganstudio.experiment import files
from ganstudio.runs.models import make_model
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.window import open_as_left, start


def test_a_dropped_folder_of_images_becomes_the_data(make, qtbot, tmp_path):
    from PIL import Image

    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(20):
        Image.new("RGB", (40, 30), (index * 12, 80, 200)).save(folder / f"{index}.png")
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    # What was open may not have been told of yet.
    mine = {"timeout": WAIT, "check_params_cb": lambda experiment: experiment.data.kind == "folder"}
    with qtbot.waitSignal(window.studio.opened, **mine):
        drop(window, folder)
    assert window.studio.session.experiment.data.kind == "folder"
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 1, timeout=WAIT)


def test_dropped_points_get_players_for_points(make, qtbot, tmp_path):
    points = tmp_path / "Mine.CSV"
    points.write_text("x,y\n" + "\n".join(f"{number % 7},{number % 5}" for number in range(300)))
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    mine = {"timeout": WAIT, "check_params_cb": lambda experiment: experiment.data.params.get("path") == str(points)}
    with qtbot.waitSignal(window.studio.opened, **mine):
        drop(window, points)
    experiment = window.studio.session.experiment
    assert (experiment.title, experiment.data.kind) == ("Mine.CSV", "points-csv")
    assert experiment.players["generator"].network.kind == "mlp-generator"
    window.studio.edit("seed", 7)
    other = tmp_path / "other.csv"
    other.write_text(points.read_text())
    mine["check_params_cb"] = lambda experiment: experiment.data.params.get("path") == str(other)
    with qtbot.waitSignal(window.studio.opened, **mine):
        drop(window, other)  # the players that are open are for points: they stay
    assert window.studio.session.experiment.seed == 7
    assert window.studio.session.experiment.data.params["path"] == str(other)
    for panel in ("samples", "real", "latent"):
        window.bring_up(panel)
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 3, timeout=WAIT)
    assert window.banner.text.startswith("These data are points"), "and of no trouble since"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("bad.toml", "this is [not", "not valid TOML"), ("odd.txt", "hello", "drop an experiment")],
)
def test_a_bad_drop_is_one_sentence(make, tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content)
    window = make()
    drop(window, path)
    assert said in window.banner.text
    assert name in window.banner.text


def test_a_run_that_gave_way_to_another_experiment_does_not_come_back(make, qtbot):
    window = trained(make, qtbot)
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        window.open_preset("mlp-mnist")
    qtbot.waitUntil(lambda: any("Saved in" in row.text(3) for row in log_rows(window)), timeout=WAIT)
    window.close()
    assert window.last_run == ""

    again = make()
    open_as_left(again)
    assert again.preset == "mlp-mnist"
    assert again.studio.experiment.title == files.preset("mlp-mnist").title
    assert again.studio.run is None


def log_rows(window: MainWindow):
    events = window.panels["log"].events
    return [events.topLevelItem(index) for index in range(events.topLevelItemCount())]


def test_a_dropped_run_goes_on(make, qtbot):
    window = trained(make, qtbot)
    window.close()
    step, run = window.studio.status.step, Path(window.last_run)
    again = make(files.preset("mlp-mnist"))
    qtbot.waitUntil(phase(again, "ready"), timeout=WAIT)
    with qtbot.waitSignal(again.studio.opened, timeout=WAIT):
        drop(again, run)
    qtbot.waitUntil(lambda: again.studio.status.step == step, timeout=WAIT)
    assert again.last_run == str(run)
    assert again.actions_by_name["pretrained"].text() == "The run's weights"
    assert str(run) in again.studio.recent


def test_the_pretrained_switch_brings_the_shipped_weights_and_is_remembered(make, qtbot, tmp_path, monkeypatch):
    window = trained(make, qtbot)
    window.close()
    model = tmp_path / "model.safetensors"
    make_model(Path(window.last_run), model)
    monkeypatch.setattr(MainWindow, "model", staticmethod(lambda preset: model))
    experiment = small()
    monkeypatch.setattr(files, "preset", lambda name: experiment)
    again = make()
    again.open_preset("dcgan-mnist")
    again.start_session()
    switch = again.actions_by_name["pretrained"]
    qtbot.waitUntil(phase(again, "ready"), timeout=WAIT)
    assert (switch.text(), switch.isEnabled()) == ("Fresh weights", True)
    with qtbot.waitSignal(again.studio.opened, timeout=WAIT):
        qtbot.keyClick(again, Qt.Key.Key_P)
    assert (switch.text(), switch.isChecked()) == ("Pretrained weights", True)
    qtbot.waitUntil(lambda: again.panels["samples"].grid.tiles is not None, timeout=WAIT)
    again.studio.edit("players.generator.network.width", 8)
    again.close()
    sha = again.studio.session.weights_sha256()

    third = make()
    start(third)
    qtbot.waitUntil(phase(third, "ready"), timeout=WAIT)
    assert third.actions_by_name["pretrained"].isChecked()
    qtbot.waitUntil(lambda: third.studio.waiting == {"players.generator.network.params.width"}, timeout=WAIT)
    with qtbot.waitSignal(third.studio.opened, timeout=WAIT):
        third.restart()
    assert third.actions_by_name["pretrained"].text() == "Fresh weights"
    third.close()
    assert third.studio.session.weights_sha256() != sha


def test_a_recent_file_that_is_gone_is_one_sentence(make, tmp_path):
    window = make()
    for name in ("gone.toml", "gone run"):
        window.files.open_path(tmp_path / name)
        assert window.banner.text.startswith(f"{tmp_path / name}: there is nothing")


def test_a_run_that_has_lost_its_description_is_no_folder_of_images(make, qtbot, tmp_path):
    window = trained(make, qtbot)
    window.studio.stop()
    qtbot.waitUntil(lambda: bool(window.last_run), timeout=WAIT)
    (Path(window.last_run) / "experiment.toml").unlink()
    window.files.open_path(Path(window.last_run))
    assert window.studio.run == Path(window.last_run)
    assert "data" not in window.studio.waiting
