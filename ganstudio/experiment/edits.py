"""Edits of an experiment by dotted path, and whether they may happen live.

Paths follow the TOML tables; ``params`` may be left out: ``players.generator.optimiser.lr``. Short names stand for
the common fields: ``objective``, ``lr`` (of all players), ``k``, ``label_smoothing``, …
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.experiment.component import is_live
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import OPEN_ROOMS, Experiment, Spec, check, parse
from ganstudio.experiment.registry import registry

SHORT = {
    "objective": "objective.kind",
    "noise": "noise.kind",
    "data": "data.kind",
    "lr": "players.*.optimiser.params.lr",
    "beta1": "players.*.optimiser.params.beta1",
    "beta2": "players.*.optimiser.params.beta2",
    "k": "players.discriminator.updates",
    "order": "game.params.order",
    "label_smoothing": "regularisers.label-smoothing.real_target",
    "r1": "regularisers.r1.gamma",
    "gradient_penalty": "regularisers.gradient-penalty.weight",
    "instance_noise": "regularisers.instance-noise.sigma",
    "weight_clipping": "constraints.weight-clipping.limit",
    "flip": "augmentation.flip.probability",
}
# Components whose kind may change while training goes on; the others (networks, data, game) shape the players.
LIVE_KINDS = {"objective", "noise", "optimiser"}


@dataclass(frozen=True)
class Change:
    """One field that an edit changed. ``live``: it acts at the next step; otherwise on restart."""

    path: str
    old: Any
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


def expand(experiment: Experiment, path: str) -> list[str]:
    """The full dotted paths that a path or a short name stands for; ``*`` stands for every player."""
    path = SHORT.get(path, path)
    if ".*." in path:
        return [path.replace("*", player) for player in experiment.players]
    parts = path.split(".")
    spec = 3 if parts[0] == "players" else 1
    under_spec = (parts[0] == "players" and len(parts) > 3 and parts[2] in ("network", "optimiser")) or (
        parts[0] in ("data", "noise", "game", "objective") and len(parts) > 1
    )
    if under_spec and parts[spec] not in ("kind", "params"):
        parts.insert(spec, "params")
    return [".".join(parts)]


def value_at(experiment: Experiment, path: str) -> Any:
    """The value at a full path; a component's default where the experiment does not name it."""
    found: Any = experiment.model_dump()
    parts = path.split(".")
    for index, part in enumerate(parts):
        if isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return _default_at(experiment, parts, index)
    return found


def change(experiment: Experiment, path: str, value: Any) -> tuple[Experiment, list[Change]]:
    """The experiment with a field set, and what changed. The result is checked whole.

    Raises ``StudioError`` that names the field and its allowed range; the experiment given is left as it was.
    """
    changes = []
    values = experiment.model_dump()
    for full in expand(experiment, path):
        old = value_at(experiment, full)
        if full == "data.params.path":
            _point_at(values, str(value))
        elif full.endswith(".kind"):
            _switch(values, full, str(value))
        else:
            _assign(values, full, value)
        changes.append((full, old))
    edited = parse(values)
    check(edited)
    return edited, [Change(full, old, value_at(edited, full), live(edited, full)) for full, old in changes]


def live(experiment: Experiment, path: str) -> bool:
    """Whether an edit of the field at this full path acts at the next step (else on restart)."""
    room, kind, name = locate(path, experiment)
    if name == "kind":
        return room in LIVE_KINDS
    if room:
        return is_live(registry.find(room, kind, path).Config.model_fields[name])
    model: Any = type(experiment.players[path.split(".")[1]]) if path.startswith("players.") else Experiment
    return is_live(model.model_fields[name])


def locate(path: str, experiment: Experiment) -> tuple[str, str, str]:
    """(room, kind, field) of a full path; room and kind are empty for the experiment's own fields.

    Raises ``StudioError`` when there is no such field.
    """
    parts = path.split(".")
    if parts[0] in OPEN_ROOMS and len(parts) == 3:
        room, kind, name = OPEN_ROOMS[parts[0]], parts[1], parts[2]
    elif parts[-1] == "kind" or (len(parts) > 2 and parts[-2] == "params"):
        owner = parts[:-1] if parts[-1] == "kind" else parts[:-2]
        room, name = owner[-1], parts[-1]
        spec: Any = experiment
        for part in owner:
            spec = spec.get(part) if isinstance(spec, dict) else getattr(spec, part, None)
        if not isinstance(spec, Spec):
            raise StudioError("there is no such field", path)
        kind = spec.kind
    else:
        room, kind, name = "", "", parts[-1]
        in_player = parts[0] == "players" and len(parts) == 3 and parts[1] in experiment.players
        model: Any = type(experiment.players[parts[1]]) if in_player else Experiment
        if name not in model.model_fields or (len(parts) != (3 if in_player else 1)):
            raise StudioError("there is no such field", path)
    if room and name != "kind" and name not in registry.find(room, kind, path).Config.model_fields:
        known = ", ".join(registry.find(room, kind, path).Config.model_fields) or "none"
        raise StudioError(f"there is no such field; the fields here are: {known}", path)
    return room, kind, name


def _default_at(experiment: Experiment, parts: list[str], index: int) -> Any:
    room, kind, name = locate(".".join(parts), experiment)
    if not room or name == "kind" or index < len(parts) - 2:
        raise StudioError("there is no such field", ".".join(parts))
    return registry.find(room, kind).Config.model_fields[name].default


def _assign(values: dict, path: str, value: Any) -> None:
    *parents, name = path.split(".")
    for depth, parent in enumerate(parents):
        if parent not in values:
            if not (depth == 1 and parents[0] in OPEN_ROOMS):
                raise StudioError("there is no such field", path)
            values[parent] = {}
        values = values[parent]
    values[name] = value


def _switch(values: dict, path: str, kind: str) -> None:
    """Change a component's kind; parameters that the new kind knows by the same name are kept."""
    *parents, _ = path.split(".")
    for parent in parents:
        values = values[parent]
    fields = registry.find(parents[-1], kind, path).Config.model_fields
    values["params"] = {name: value for name, value in values["params"].items() if name in fields}
    values["kind"] = kind


def _point_at(values: dict, path: str) -> None:
    """Own data by path alone: the kind follows from what lies there."""
    name = Path(path).name.lower().removesuffix(".gz")
    if name.endswith((".npz", ".npy")):
        kind = "array"
    elif "idx" in name and not Path(path).is_dir():
        kind = "idx"
    else:
        kind = "folder"
    if values["data"]["kind"] != kind:
        values["data"] = {"kind": kind, "params": {}}
    values["data"]["params"]["path"] = path
