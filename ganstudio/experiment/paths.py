"""Fields of an experiment by dotted path: what a path means, its value, and whether it may change live.

Paths follow the TOML tables. ``params`` may be left out (``players.generator.optimiser.lr``), and a component's own
path stands for its kind (``objective``, ``players.generator.optimiser``). Short names stand for the common fields:
``lr`` (of all players), ``k``, ``label_smoothing``, …
"""

from typing import Any

from pydantic.fields import FieldInfo

from ganstudio.experiment.component import is_live
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import OPEN_ROOMS, TABLES, Experiment, PlayerSpec, Spec
from ganstudio.experiment.registry import registry

SHORT = {
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


def expand(experiment: Experiment, path: str) -> list[str]:
    """The full dotted paths that a path or a short name stands for; ``*`` stands for every player."""
    path = SHORT.get(path, path)
    if path.startswith("players.*."):
        return [_full(path.replace("*", player, 1)) for player in experiment.players]
    return [_full(path)]


def _full(path: str) -> str:
    parts = path.split(".")
    if parts[0] == "players" and len(parts) > 2 and parts[2] in ("network", "optimiser"):
        spec = 3
    elif parts[0] in ("data", "noise", "game", "objective"):
        spec = 1
    else:
        return path
    if len(parts) == spec:
        parts.append("kind")
    elif parts[spec] not in ("kind", "params"):
        parts.insert(spec, "params")
    return ".".join(parts)


def value_at(experiment: Experiment, path: str) -> Any:
    """The value at a full path; a component's default where the experiment does not name it.

    Raises ``StudioError`` when there is no such field.
    """
    found: Any = experiment.model_dump()
    for part in path.split("."):
        if not isinstance(found, dict) or part not in found:
            return _default_at(experiment, path)
        found = found[part]
    if isinstance(found, dict):
        locate(path, experiment)  # a table is no field, but for those of regularisers and their like
    return found


def _default_at(experiment: Experiment, path: str) -> Any:
    room, kind, name = locate(path, experiment)
    return registry.find(room, kind).Config.model_fields[name].get_default(call_default_factory=True)


def value_or_none(experiment: Experiment, path: str) -> Any:
    """Like ``value_at``; None where the experiment, as it is, has no such field."""
    try:
        return value_at(experiment, path)
    except StudioError:
        return None


def live(experiment: Experiment, path: str) -> bool:
    """Whether an edit of the field at this full path acts at the next step (else on restart)."""
    room, _, name = locate(path, experiment)
    return room in LIVE_KINDS if name == "kind" else is_live(field_at(experiment, path))


def field_at(experiment: Experiment, path: str) -> FieldInfo:
    """What is known of the field at a full path; ``StudioError`` when there is no such field."""
    room, kind, name = locate(path, experiment)
    if room and name != "kind":
        return registry.find(room, kind, path).Config.model_fields[name]
    if room:
        return Spec.model_fields["kind"]
    table, _, _ = path.partition(".")
    return (PlayerSpec if table == "players" else TABLES.get(table, Experiment)).model_fields[name]


def locate(path: str, experiment: Experiment) -> tuple[str, str, str]:
    """(room, kind, field) of a full path; room and kind are empty for the experiment's own fields.

    Raises ``StudioError`` when there is no such field.
    """
    parts = path.split(".")
    name = parts[-1]
    if parts[0] in OPEN_ROOMS and len(parts) == 3:
        room, kind = OPEN_ROOMS[parts[0]], parts[1]
        _known(name, registry.find(room, kind, path).Config.model_fields, path)
        return room, kind, name
    if name == "kind" or (len(parts) > 2 and parts[-2] == "params"):
        owner = parts[:-1] if name == "kind" else parts[:-2]
        spec: Any = experiment
        for part in owner:
            spec = spec.get(part) if isinstance(spec, dict) else getattr(spec, part, None)
        if not isinstance(spec, Spec):
            raise StudioError("there is no such field", path)
        room = owner[-1]
        if name != "kind":
            _known(name, registry.find(room, spec.kind, path).Config.model_fields, path)
        return room, spec.kind, name
    if parts[0] in TABLES:
        _known(".".join(parts[1:]), TABLES[parts[0]].model_fields, path)
    elif parts[0] == "players" and len(parts) == 3:
        if parts[1] not in experiment.players:
            raise StudioError(f"there is no such player; the players are: {', '.join(experiment.players)}", path)
        _known(name, PlayerSpec.model_fields, path)
    elif len(parts) == 1:
        _known(name, Experiment.model_fields, path)
    else:
        raise StudioError("there is no such field", path)
    return "", "", name


def _known(name: str, fields: dict[str, FieldInfo], path: str) -> None:
    if name not in fields:
        raise StudioError(f"there is no such field; the fields here are: {', '.join(fields) or 'none'}", path)
