"""All fields of an experiment as a form shows them: in sections, each with its editor, limits and explanation."""

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic.fields import FieldInfo

from ganstudio.experiment.component import Component, ComponentConfig, allowed, bounds, choices, extra, is_live
from ganstudio.experiment.experiment import OPEN_ROOMS, Checkpoints, Experiment, PlayerSpec, Spec
from ganstudio.experiment.paths import LIVE_KINDS
from ganstudio.experiment.registry import registry

Editor = Literal["integer", "number", "switch", "choice", "text", "integers", "numbers", "folder", "file"]
EDITORS: dict[Any, Editor] = {
    int: "integer",
    float: "number",
    bool: "switch",
    list[int]: "integers",
    list[float]: "numbers",
}


@dataclass(frozen=True)
class Choice:
    """One of the values that a field may have."""

    value: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Field:
    """What a form needs to know of one field. Its value stands in the experiment, at ``path``."""

    path: str
    """Full dotted path."""
    title: str
    description: str
    editor: Editor
    live: bool
    """Whether an edit acts at the next step; else on restart."""
    unit: str = ""
    log: bool = False
    """Whether steps multiply rather than add."""
    limits: dict[str, float] = field(default_factory=dict)
    """``ge``, ``gt``, ``le``, ``lt``, those that are set."""
    allowed: str = ""
    """The limits in words."""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Section:
    """Fields that belong together, under one heading."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    group: str = ""
    """Title of a heading above this section and its neighbours of the same group."""
    optional: bool = False
    """Whether it is a regulariser or its like, off by default."""


def sections(experiment: Experiment) -> tuple[Section, ...]:
    """Every section of an experiment, in reading order. Needs the components (torch) to be in.

    Of an unknown kind there is the kind alone, so that another can be chosen.
    """
    game = _component("game", "game", experiment.game)
    return (
        Section("data", "Data set", "Where real samples come from.", _component("data", "data", experiment.data)),
        *(_player(experiment, name) for name in experiment.players),
        Section("noise", "Noise z", "What the generator is fed.", _component("noise", "noise", experiment.noise)),
        Section(
            "objective",
            "Objective",
            "The losses of both players, and who moves first.",
            (
                *_component("objective", "objective", experiment.objective),
                *(one for one in game if len(one.choices) != 1 or one.editor != "choice"),
            ),
        ),
        Section(
            "schedule",
            "Schedule",
            "How many samples and steps, and the seed from which every random draw follows.",
            _own(Experiment, "", ("batch_size", "steps", "ema", "precision", "seed")),
        ),
        Section(
            "checkpoints",
            "Checkpoints",
            "When the run's state is saved while it trains, and how much disk space that may take.",
            _own(Checkpoints, "checkpoints", tuple(Checkpoints.model_fields)),
        ),
        *(
            Section(
                f"{group}.{kind}",
                component.title or kind,
                component.description,
                _fields(component.Config.model_fields, f"{group}.{kind}"),
                group.capitalize(),
                optional=True,
            )
            for group, room in OPEN_ROOMS.items()
            for kind, component in registry.kinds(room).items()
        ),
        Section("about", "About", "What the gallery says of it.", _own(Experiment, "", ("title", "description"))),
    )


def is_on(experiment: Experiment, section: Section) -> bool:
    """Whether an optional section does anything, as its component sees it."""
    group, kind = section.name.split(".")
    params = getattr(experiment, group).get(kind)
    return params is not None and bool(getattr(registry.build(OPEN_ROOMS[group], kind, params), "active", True))


def _player(experiment: Experiment, name: str) -> Section:
    player, owner = experiment.players[name], f"players.{name}"
    return Section(
        owner,
        name.replace("_", " ").capitalize(),
        f"The {name.replace('_', ' ')}'s network and how it is trained.",
        (
            *_component("network", f"{owner}.network", player.network, role=name),
            *_component("optimiser", f"{owner}.optimiser", player.optimiser),
            *_own(PlayerSpec, owner, ("updates", "gradient_clip")),
        ),
    )


KIND_TITLES = {
    "data": ("Data set", "Where the real samples come from."),
    "noise": ("Distribution", "The distribution that z is drawn from."),
    "game": ("Game", "Who plays whom."),
    "objective": ("Losses", "The pair of losses that the players minimise."),
    "network": ("Network", "The family of networks."),
    "optimiser": ("Optimiser", "The rule by which gradients move the weights; another one starts with empty moments."),
}


def _component(room: str, owner: str, spec: Spec, role: str = "") -> tuple[Field, ...]:
    """The field that chooses a component's kind, and those of the kind that is chosen."""
    kinds = registry.kinds(room)
    offered = tuple(
        _choice(component) for component in kinds.values() if not role or getattr(component, "role", role) == role
    )
    title, description = KIND_TITLES[room]
    kind = Field(
        f"{owner}.kind",
        title,
        description,
        "choice",
        room in LIVE_KINDS,
        choices=offered,
        allowed="one of " + ", ".join(one.value for one in offered),
    )
    if spec.kind not in kinds:
        return (kind,)
    return (kind, *_fields(kinds[spec.kind].Config.model_fields, f"{owner}.params", spec.kind))


def _choice(component: type[Component]) -> Choice:
    facts = (component.description, getattr(component, "formula", ""), getattr(component, "source", ""))
    return Choice(component.kind, component.title or component.kind, "\n".join(fact for fact in facts if fact))


def _own(model: type[ComponentConfig], owner: str, names: tuple[str, ...]) -> tuple[Field, ...]:
    return _fields({name: model.model_fields[name] for name in names}, owner)


def _fields(found: dict[str, FieldInfo], owner: str, kind: str = "") -> tuple[Field, ...]:
    return tuple(_field(f"{owner}.{name}" if owner else name, info, kind) for name, info in found.items())


def _field(path: str, info: FieldInfo, kind: str) -> Field:
    notes = extra(info)
    name = path.rsplit(".", 1)[-1]
    editor = "choice" if choices(info) else EDITORS.get(info.annotation, "text")
    if name == "path":
        editor = "folder" if kind == "folder" else "file"
    return Field(
        path,
        info.title or name,
        info.description or "",
        editor,
        is_live(info),
        notes.get("unit", ""),
        bool(notes.get("log")),
        bounds(info),
        allowed(info),
        tuple(Choice(value, value) for value in choices(info)),
    )
