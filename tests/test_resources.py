"""What the program ships is found wherever the program lies."""

import importlib.resources
import tomllib
from pathlib import Path

from ganstudio.resources import resource

ROOT = Path(__file__).resolve().parent.parent


def test_a_checkout_and_an_editable_install_have_it_beside_the_package():
    assert resource("presets", "dcgan-mnist.toml") == ROOT / "resources" / "presets" / "dcgan-mnist.toml"
    assert resource("presets", "dcgan-mnist.toml").is_file()


def test_a_wheel_carries_it_inside_the_package(tmp_path, monkeypatch):
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    [(shipped, place)] = wheel["wheel"]["force-include"].items()
    assert (ROOT / shipped / "presets").is_dir()
    package, _, folder = place.partition("/")
    (tmp_path / package / folder).mkdir(parents=True)
    monkeypatch.setattr(importlib.resources, "files", lambda name: tmp_path / name)
    assert resource("presets") == tmp_path / package / folder / "presets"
