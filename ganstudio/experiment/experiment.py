"""The experiment: everything that defines a run. Saved as TOML; needs neither torch nor Qt."""

from typing import Any, Literal

from pydantic import Field

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry, validated


class Spec(ComponentConfig):
    """A component by name: its kind, and the parameters that differ from its defaults."""

    kind: str = param(..., "Kind")
    params: dict[str, Any] = Field(default_factory=dict)


class PlayerSpec(ComponentConfig):
    """One player: a network, the optimiser that trains it, and how often it moves in a step."""

    network: Spec
    optimiser: Spec
    updates: int = param(1, "Updates k", "Updates of this player in one step.", live=True, ge=0, le=100)
    gradient_clip: float = param(
        0.0, "Gradient clip", "Largest norm of the player's whole gradient; 0 leaves it alone.", live=True, ge=0
    )


class Checkpoints(ComponentConfig):
    """When the run's state is saved while it trains. Changes nothing of the training itself."""

    every_seconds: float = param(
        60.0, "Interval", "Time between two checkpoints; 0 makes none by the clock.", unit="seconds", live=True, ge=0
    )
    every_steps: int = param(
        0,
        "Interval in steps",
        "Steps between two checkpoints; 0 makes none by the count.",
        unit="steps",
        live=True,
        ge=0,
    )
    budget_mb: int = param(
        2000,
        "Disk budget",
        "The most that the run's checkpoints may take; older ones are thinned out to stay below.",
        unit="megabytes",
        live=True,
        ge=1,
    )
    tensorboard: bool = param(
        False, "TensorBoard", "Write the metrics as TensorBoard event files too, in the run's folder.", live=True
    )


class Experiment(ComponentConfig):
    """Data set, game, players, objective, schedule and seed: all that a run depends on besides the machine."""

    title: str = param("Untitled", "Title", "Shown in the gallery and in the window's title.", live=True)
    description: str = param("", "Description", "What to expect, and where the numbers come from.", live=True)
    seed: int = param(0, "Seed", "Every random draw of the run follows from it.", ge=0, lt=2**63)
    data: Spec
    noise: Spec = Field(default_factory=lambda: Spec(kind="normal"))
    game: Spec = Field(default_factory=lambda: Spec(kind="gan"))
    players: dict[str, PlayerSpec]
    objective: Spec = Field(default_factory=lambda: Spec(kind="non-saturating"))
    regularisers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    constraints: dict[str, dict[str, Any]] = Field(default_factory=dict)
    augmentation: dict[str, dict[str, Any]] = Field(default_factory=dict)
    batch_size: int = param(64, "Batch size", "Real samples in one update.", unit="samples", live=True, ge=1, le=65536)
    steps: int = param(
        0, "Steps", "Training stops by itself after this many; 0 goes on until stopped.", live=True, ge=0
    )
    ema: float = param(
        0.999, "EMA decay", "Decay per step of the running average of G's weights; 0 follows G.", live=True, ge=0, lt=1
    )
    precision: Literal["fp32", "bf16"] = param(
        "fp32", "Precision", "bf16 runs the networks in bfloat16 (autocast): faster, slightly noisier."
    )
    checkpoints: Checkpoints = Field(default_factory=Checkpoints)


# Which dictionaries of an experiment hold components by kind, and the room that each kind is found in.
OPEN_ROOMS = {"regularisers": "regulariser", "constraints": "constraint", "augmentation": "augmentation"}

# Tables of an experiment that name no component, and what stands in them.
TABLES: dict[str, type[ComponentConfig]] = {"checkpoints": Checkpoints}


def components(experiment: Experiment) -> dict[str, tuple[str, Spec]]:
    """Dotted path → (room, spec) of every component that the experiment names."""
    found: dict[str, tuple[str, Spec]] = {
        "data": ("data", experiment.data),
        "noise": ("noise", experiment.noise),
        "game": ("game", experiment.game),
        "objective": ("objective", experiment.objective),
    }
    for name, player in experiment.players.items():
        found[f"players.{name}.network"] = ("network", player.network)
        found[f"players.{name}.optimiser"] = ("optimiser", player.optimiser)
    for group, room in OPEN_ROOMS.items():
        for kind, params in getattr(experiment, group).items():
            found[f"{group}.{kind}"] = (room, Spec(kind=kind, params=params))
    return found


def check(experiment: Experiment) -> dict[str, ComponentConfig]:
    """Dotted path → validated configuration of every component. Imports the components (torch).

    Raises ``StudioError`` that names the first field at fault. What depends on the data (sizes, batch) is checked when
    the trainer is built.
    """
    return {
        path: registry.configure(room, spec.kind, spec.params, path)
        for path, (room, spec) in components(experiment).items()
    }


def parse(values: dict[str, Any], source: str = "") -> Experiment:
    """An experiment from plain dictionaries; ``source`` (a file's path) heads the error's sentence."""
    try:
        return validated(Experiment, values)
    except StudioError as error:
        raise StudioError(str(error), source) if source else error from None
