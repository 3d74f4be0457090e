"""Scenes: an experiment with timed edits and captions, for talks and lessons. TOML files; no torch, no Qt.

::

    title = "Ring of 8 learned"
    preset = "ring-8"
    steps = 3000
    set = { lr = 0.001 }              # what differs from the preset

    [[beats]]
    at = 500                          # after so many completed steps
    caption = "Now the discriminator is regularised."
    edits = { r1 = 0.1 }              # in force from here on
    pause = true                      # waits for the speaker
"""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field

from ganstudio.experiment import files
from ganstudio.experiment.component import ComponentConfig
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.registry import validated
from ganstudio.resources import resource

LONGEST = 240
"""Letters of a caption: what can be read in large type on two lines."""


class Beat(ComponentConfig):
    """One moment of a scene: what is said after ``at`` completed steps, and what changes."""

    at: int = Field(ge=0)
    caption: str
    """One or two plain sentences, shown until the next beat."""
    edits: dict[str, Any] = Field(default_factory=dict)
    """Live fields by path or short name → their values from here on."""
    pause: bool = False
    """Wait here until the speaker goes on."""
    pace: float | None = Field(None, ge=0, le=1000)
    """Steps per second from here on, 0 for full speed; None leaves it as it is."""
    perspective: str = ""
    """An arrangement of the panels to switch to."""
    panel: str = ""
    """A panel to bring to the front."""


class Scene(ComponentConfig):
    """A play: an experiment, and beats in the order of their steps."""

    title: str = Field(min_length=1)
    description: str = ""
    order: int = 100
    """Place in the list of scenes."""
    preset: str
    """What is trained, but for ``set`` and ``seed``."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Fields by path or short name that differ from the preset."""
    seed: int = Field(1, ge=0, lt=2**63)
    steps: int = Field(ge=1)
    """The play ends after so many steps."""
    perspective: str = ""
    panels: list[str] = Field(default_factory=list)
    """Panels to bring to the front at the start."""
    beats: list[Beat] = Field(min_length=1)

    def experiment(self) -> Experiment:
        """What is trained, from the start. Imports the components (torch).

        Raises ``StudioError`` that names the field of ``set`` at fault.
        """
        found = files.preset(self.preset)
        own = {"title": self.title, "description": self.description, "seed": self.seed, "steps": 0}
        for path, value in {**own, **self.set}.items():
            try:
                found, _ = change(found, path, value)
            except StudioError as error:
                raise StudioError(str(error), "set") from None
        return found

    def edits(self) -> list[tuple[int, str, Any]]:
        """(completed steps after which it acts, path, value) of every edit, in order."""
        return [(beat.at, path, value) for beat in self.beats for path, value in beat.edits.items()]


def check_scene(scene: Scene, source: str = "") -> Experiment:
    """The scene's experiment, once it is known that every edit can be made. Imports the components (torch).

    Raises ``StudioError`` that names the file, the beat and the field.
    """
    where = ""
    try:
        experiment = edited = scene.experiment()
        for number, beat in enumerate(scene.beats, 1):
            where = f"beat {number}: edits"
            for path, value in beat.edits.items():
                edited, changes = change(edited, path, value)
                if not all(one.live for one in changes):
                    raise StudioError("takes effect on restart only; give it under set", path)
    except StudioError as error:
        raise StudioError(f"{where}: {error}" if where else str(error), source) from None
    return experiment


def loads(text: str, source: str = "") -> Scene:
    """The scene in a TOML text; ``StudioError`` with ``source``, the beat and the field when it is malformed."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudioError(f"this is not valid TOML: {error}", source) from None
    try:
        return _scene(values)
    except StudioError as error:
        raise StudioError(str(error), source) from None


def _scene(values: dict[str, Any]) -> Scene:
    beats = values.get("beats", [])
    if not isinstance(beats, list):
        raise StudioError("write each beat as a table of its own, under [[beats]]", "beats")
    if not beats:
        raise StudioError("a scene has at least one beat; write it under [[beats]]", "beats")
    found = [validated(Beat, _flat(beat, "edits"), f"beat {number}") for number, beat in enumerate(beats, 1)]
    scene = validated(Scene, {**_flat(values, "set"), "beats": found})
    before = -1
    for number, beat in enumerate(scene.beats, 1):
        field, found = f"beat {number}.at", f"(it is {beat.at})"
        if number == 1 and beat.at:
            raise StudioError(f"must be 0, so that the play begins with words {found}", field)
        if beat.at <= before:
            raise StudioError(f"must come after beat {number - 1}, at {before} {found}", field)
        if beat.at >= scene.steps:
            raise StudioError(f"must be before the end, at {scene.steps} steps {found}", field)
        if not 0 < len(beat.caption) <= LONGEST:
            limit = f"must have 1 to {LONGEST} letters, so that it can be read from afar"
            raise StudioError(f"{limit} (it has {len(beat.caption)})", f"beat {number}.caption")
        before = beat.at
    return scene


def _flat(values: Any, name: str) -> Any:
    """The table with a table of paths in it made flat: TOML reads ``players.generator.updates`` as nested tables."""
    if not isinstance(values, dict) or not isinstance(values.get(name), dict):
        return values
    return {**values, name: dict(_leaves(values[name]))}


def _leaves(table: dict[str, Any], head: str = "") -> list[tuple[str, Any]]:
    found = []
    for key, value in table.items():
        path = f"{head}{key}"
        found += _leaves(value, f"{path}.") if isinstance(value, dict) and value else [(path, value)]
    return found


def scenes() -> dict[str, Path]:
    """Name → file of every shipped scene, in the order of a lecture."""
    found = {path.stem: path for path in sorted(resource("scenes").glob("*.toml"))}
    return dict(sorted(found.items(), key=lambda item: files.head(item[1]).get("order", 100)))


def find(name: str) -> tuple[Scene, str]:
    """What a person names on a command line, a shipped scene or the path of a TOML file; and where it lies."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return loads(files.text(Path(name)), name), name
    found = scenes()
    if name not in found:
        raise StudioError(f"there is no scene called {name!r}; the scenes are {', '.join(found)}")
    return loads(files.text(found[name]), str(found[name])), str(found[name])
