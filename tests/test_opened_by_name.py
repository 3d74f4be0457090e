"""``ganstudio FILE``: the window opens on it."""

from pathlib import Path

import pytest

from ganstudio import app, cli
from ganstudio.cli.exits import BAD_INPUT


@pytest.fixture
def opened(monkeypatch) -> list[Path | None]:
    """What the window was opened on."""
    found: list[Path | None] = []
    monkeypatch.setattr(cli, "has_display", lambda: True)
    monkeypatch.setattr(cli, "missing_library", lambda: "")
    monkeypatch.setattr(app, "main", lambda path=None: found.append(path) or 0)
    return found


def test_a_path_opens_the_window_on_it(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.safetensors").write_bytes(b"")
    (tmp_path / "run").mkdir()
    assert [cli.main([one]) for one in ("mine.safetensors", "./run", str(tmp_path / "run"))] == [0, 0, 0]
    assert opened == [tmp_path / "mine.safetensors", tmp_path / "run", tmp_path / "run"]


def test_without_one_it_opens_as_it_was_left(opened):
    assert cli.main([]) == 0
    assert opened == [None]


@pytest.mark.parametrize(("typed", "said"), [("missing.toml", "nothing at this place"), ("nonsense", "invalid choice")])
def test_what_is_neither_a_command_nor_there_is_one_sentence(opened, capsys, typed, said):
    assert cli.main([typed]) == BAD_INPUT
    assert said in capsys.readouterr().err
    assert opened == []


def test_without_a_display_it_is_one_sentence(opened, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "has_display", lambda: False)
    assert cli.main([str(tmp_path)]) == BAD_INPUT
    assert "no display" in capsys.readouterr().err
