"""What the Experiment panel asks of the window is done: presets, files, recent ones, its actions."""

import pytest

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset, read, write
from ganstudio.training.commands import Command, Open
from ganstudio.training.session import Session
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """Titles of the experiments that sessions have been told to open."""
    titles: list[str] = []
    post = Session.post

    def noted(session: Session, command: Command) -> None:
        if isinstance(command, Open) and command.experiment is not None:
            titles.append(command.experiment.title)
        post(session, command)

    monkeypatch.setattr(Session, "post", noted)
    return titles


@pytest.fixture
def window(qtbot, tmp_path, opened):
    """The whole window over a session that is never started: nothing here needs PyTorch."""
    window = make_window(Settings(tmp_path / "settings.json"), out=tmp_path / "runs")
    qtbot.addWidget(window)
    window.open_preset("dcgan-mnist")
    yield window
    window.close()


def test_a_card_opens_its_preset(window, opened):
    window.panels["experiment"].gallery.cards["mlp-mnist"].click()
    assert window.preset == "mlp-mnist"
    assert opened[-1] == preset("mlp-mnist").title
    assert window.panels["experiment"].gallery.cards["mlp-mnist"].is_open


def test_a_file_that_is_dropped_is_opened_and_remembered(window, opened, tmp_path):
    mine, _ = change(preset("dcgan-mnist"), "title", "Mine")
    write(mine, tmp_path / "mine.toml")
    window.studio.path_chosen.emit(tmp_path / "mine.toml")
    assert opened[-1] == "Mine"
    assert window.studio.experiment == read(tmp_path / "mine.toml")
    assert window.studio.recent == [str(tmp_path / "mine.toml")]
    assert not any(card.is_open for card in window.panels["experiment"].gallery.cards.values())


def test_a_broken_file_is_refused_in_a_sentence_and_the_open_one_stays(window, tmp_path):
    (tmp_path / "bad.toml").write_text("batch_size = 0")
    window.studio.path_chosen.emit(tmp_path / "bad.toml")
    assert str(tmp_path / "bad.toml") in window.banner.text
    assert window.studio.experiment == preset("dcgan-mnist")


def test_restart_with_these_is_the_window_s_restart(window, opened):
    window.panels["experiment"].restart.click()
    assert len(opened) == 2
