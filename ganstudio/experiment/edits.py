"""Edits of an experiment: one field set, and the result checked whole."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check, parse
from ganstudio.experiment.paths import expand, field_at, live, locate, value_at, value_or_none
from ganstudio.experiment.registry import registry

TABLES = (".csv", ".tsv")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm")
"""Endings of files that hold points, and of single images, which serve as densities of points."""


@dataclass(frozen=True)
class Change:
    """One field that an edit set. ``live``: it acts at the next step; otherwise on restart."""

    path: str
    old: Any
    """None where the field did not exist before: another kind of component has come with it."""
    new: Any
    live: bool


def literal(text: str) -> Any:
    """A value typed on a command line: as TOML would read it, else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def assignment(text: str) -> tuple[str, Any]:
    """``field=value`` taken apart; ``StudioError`` when there is no ``=``."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise StudioError(f"write field=value, for instance lr=0.0002 (this is {text!r})")
    return path.strip(), literal(value.strip())


def change(experiment: Experiment, path: str, value: Any) -> tuple[Experiment, list[Change]]:
    """The experiment with the fields set that a path or a short name stands for, and what that set.

    Raises ``StudioError`` that names the field and its allowed range; the experiment given is left as it was.
    """
    paths = expand(experiment, path)
    values = experiment.model_dump()
    for full in paths:
        if full == "data.params.path":
            _point_at(values, str(value))
        elif full.endswith(".kind"):
            _switch(experiment, values, full, str(value))
        else:
            _assign(experiment, values, full, value)
    edited = parse(values)
    check(edited)
    if paths == ["data.params.path"] and edited.data.kind != experiment.data.kind:
        paths = ["data.kind", *paths]
    return edited, [
        Change(full, value_or_none(experiment, full), value_at(edited, full), live(edited, full)) for full in paths
    ]


def _assign(experiment: Experiment, values: dict, path: str, value: Any) -> None:
    field = field_at(experiment, path)
    if field.annotation is str and isinstance(value, int | float):
        value = str(value)  # a text that looks like a number, such as a class called 3
    *parents, name = path.split(".")
    for parent in parents:
        values = values.setdefault(parent, {})
    values[name] = value


def _switch(experiment: Experiment, values: dict, path: str, kind: str) -> None:
    """Change a component's kind; parameters that mean the same in the new kind are kept."""
    room, old, _ = locate(path, experiment)
    for parent in path.split(".")[:-1]:
        values = values[parent]
    new = registry.find(room, kind, path).Config.model_fields
    before = registry.kinds(room)[old].Config.model_fields if old in registry.kinds(room) else {}
    values["params"] = {name: kept for name, kept in values["params"].items() if _same(before.get(name), new.get(name))}
    values["kind"] = kind


def _same(one: FieldInfo | None, other: FieldInfo | None) -> bool:
    """Whether two kinds mean the same by a field: width in channels is not width in units."""
    alike = ("annotation", "title", "description", "metadata")
    return one is not None and other is not None and all(getattr(one, name) == getattr(other, name) for name in alike)


def _point_at(values: dict, path: str) -> None:
    """Own data by path alone: the kind follows from what lies there."""
    kind = _data_kind(path, values["data"]["kind"])
    if values["data"]["kind"] != kind:
        values["data"] = {"kind": kind, "params": {}}
    values["data"]["params"]["path"] = path


def _data_kind(path: str, now: str) -> str:
    name = Path(path).name.lower().removesuffix(".gz")
    if not path:
        if "path" not in registry.find("data", now, "data.kind").Config.model_fields:
            raise StudioError("name a folder of images, an .npz, .npy or idx file, a CSV or a picture", "data.path")
        return now
    if Path(path).expanduser().is_dir():
        return "folder"
    if name.endswith((".npz", ".npy")):
        return "array"
    if name.endswith(TABLES):
        return "points-csv"
    if name.endswith(PICTURES):
        return "picture"
    if "idx" in name:
        return "idx"
    return now if now == "points-csv" else "folder"
