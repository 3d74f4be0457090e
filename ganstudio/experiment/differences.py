"""Two experiments compared field by field: what an undo has to set, and what waits for a restart."""

from typing import Any

from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import OPEN_ROOMS, TABLES, Experiment, PlayerSpec, components
from ganstudio.experiment.paths import field_at, live, value_at, value_or_none
from ganstudio.experiment.registry import registry


def field_paths(experiment: Experiment) -> list[str]:
    """Full paths of every field there is, kinds before the parameters that come with them.

    Fields of components that the experiment does not name are left out.
    """
    kinds, params, groups = [], [], {"players", *OPEN_ROOMS, *TABLES}
    for path, (room, spec) in components(experiment).items():
        names = registry.find(room, spec.kind, path).Config.model_fields
        if path.split(".")[0] in OPEN_ROOMS:
            params += [f"{path}.{name}" for name in names]
        else:
            kinds.append(f"{path}.kind")
            params += [f"{path}.params.{name}" for name in names]
            groups.add(path)
    own = [name for name in Experiment.model_fields if name not in groups]
    for player in experiment.players:
        own += [
            f"players.{player}.{name}" for name in PlayerSpec.model_fields if f"players.{player}.{name}" not in groups
        ]
    own += [f"{table}.{name}" for table, model in TABLES.items() for name in model.model_fields]
    return kinds + params + own


def differing(before: Experiment, after: Experiment) -> list[str]:
    """Full paths at which two experiments differ, in the order of ``field_paths``."""
    paths = dict.fromkeys(field_paths(after))
    paths |= dict.fromkeys(path for path in field_paths(before) if path.split(".")[0] in OPEN_ROOMS)
    return [path for path in paths if value_or_none(before, path) != value_or_none(after, path)]


def route(before: Experiment, after: Experiment) -> list[tuple[str, Any]]:
    """Edits, in order, that lead from one experiment to another of the same players.

    A kind comes before its parameters, and a parameter that comes right with its kind is left out.
    """
    edits = []
    for path in [path for path in differing(before, after) if path.endswith(".kind")]:
        value = value_at(after, path)
        edits.append((path, value))
        before, _ = change(before, path, value)
    return edits + [(path, value_at(after, path)) for path in differing(before, after)]


def waiting(running: Experiment, wanted: Experiment) -> set[str]:
    """Full paths of the fields at which the running experiment will be the wanted one only after a restart."""
    return {path for path in differing(running, wanted) if not live(wanted, path)}


def reset_value(reference: Experiment, experiment: Experiment, path: str) -> Any:
    """What a field's reset returns to: the reference's value, or the default where the reference has another kind."""
    *owner, _ = path.split(".")
    if owner and owner[-1] == "params":
        kind = ".".join([*owner[:-1], "kind"])
        if value_or_none(reference, kind) != value_at(experiment, kind):
            return default(experiment, path)
    return value_at(reference, path)


def default(experiment: Experiment, path: str) -> Any:
    """The default of the field at a full path, whatever its value is."""
    return field_at(experiment, path).get_default(call_default_factory=True)
