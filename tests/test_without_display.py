"""Without a display, or without Qt's libraries, the program says so and does what it can."""

from pathlib import Path

import pytest
from PIL import Image

from ganstudio import cli
from ganstudio.cli import display
from ganstudio.experiment import files
from ganstudio.runs.read import read_run


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, False),
    ],
    ids=str,
)
def test_a_display_is_looked_for(monkeypatch, environment, shown):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(display.sys, "platform", "linux")
    assert display.has_display() is shown


def test_without_a_display_the_default_preset_trains(capsys, monkeypatch):
    monkeypatch.setattr(cli, "has_display", lambda: False)
    monkeypatch.setattr(cli, "DEFAULT_SECONDS", 0.3)
    code = cli.main([])
    out = capsys.readouterr().out
    first, last = out.splitlines()
    assert code == 0
    assert "no display" in first
    picture, where = last.split(" The sample grid is ")[1].rstrip(".").split(". The run lies in ")
    with Image.open(picture) as grid:
        assert min(grid.size) > 200
    assert read_run(Path(where)).experiment.title == files.preset(files.DEFAULT_PRESET).title


def test_a_missing_library_of_qt_is_named(capsys, monkeypatch):
    monkeypatch.setattr(cli, "has_display", lambda: True)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(display.ctypes, "CDLL", lambda name: (_ for _ in ()).throw(OSError(name)))
    code = cli.main([])
    err = capsys.readouterr().err
    assert code == 2
    assert "libxcb-cursor0" in err
