"""Experiments as TOML files, and the presets that ship with the program."""

import os
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, parse
from ganstudio.resources import resource

DEFAULT_PRESET = "dcgan-mnist"


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML text; reading it back gives an equal experiment."""
    return tomli_w.dumps(experiment.model_dump(exclude_defaults=False))


def loads(text: str, source: str = "") -> Experiment:
    """The experiment in a TOML text; ``StudioError`` with ``source`` when it is malformed."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudioError(f"this is not valid TOML: {error}", source) from None
    except RecursionError:
        raise StudioError("this is no experiment: its values lie too deep in one another", source) from None
    return parse(values, source)


def read(path: Path) -> Experiment:
    """The experiment in a TOML file; ``StudioError`` when it cannot be read or is malformed."""
    return loads(text(path), str(path))


def text(path: Path) -> str:
    """What stands in a text file; ``StudioError`` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise StudioError("this is not a text file", str(path)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror})", str(path)) from None


def write(experiment: Experiment, path: Path) -> None:
    """Save as TOML, whole or not at all; ``StudioError`` when the file cannot be written."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(dumps(experiment), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StudioError(f"cannot be written ({error.strerror})", str(path)) from None


def presets() -> dict[str, Path]:
    """Name → file of every shipped preset, the default one first."""
    found = {path.stem: path for path in sorted(resource("presets").glob("*.toml"))}
    return dict(sorted(found.items(), key=lambda item: item[0] != DEFAULT_PRESET))


def headline(path: Path) -> tuple[str, str]:
    """(title, description) of an experiment's or a scene's file, for lists; one that cannot be read has its name."""
    values = head(path)
    return str(values.get("title", path.stem)), str(values.get("description", ""))


def head(path: Path) -> dict[str, Any]:
    """TOML's own keys, which stand before its first table: ten times quicker than reading all of it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig").partition("\n[")[0])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return {}


def preset(name: str) -> Experiment:
    """A shipped preset by name; ``StudioError`` with the names there are."""
    found = presets()
    if name not in found:
        raise StudioError(f"there is no preset called {name!r}; the presets are {', '.join(found)}")
    return read(found[name])


def find(name: str) -> Experiment:
    """What a person names on a command line: a preset, or the path of a TOML file."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return read(Path(name))
    return preset(name)
