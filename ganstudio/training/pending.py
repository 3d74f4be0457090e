"""Commands that wait for a later step, as plain values: they are saved with a run and wait again when it is opened."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ganstudio.experiment.errors import StudioError
from ganstudio.training.commands import Command, Edit, Note, Pace, Pause, Restore, Save, Say, Step, Stop, Train

KINDS: dict[str, type[Command]] = {
    kind.__name__: kind for kind in (Edit, Note, Pace, Pause, Restore, Save, Say, Step, Stop, Train)
}
"""Those that are kept. What opens, rewinds or forks is asked for by somebody who is there."""


def plain(commands: Iterable[Command]) -> list[dict[str, Any]]:
    """Those that wait for a step and are kept, as values for JSON."""
    waiting = [one for one in commands if one.at is not None]
    return [{"command": type(one).__name__, **asdict(one)} for one in waiting if type(one).__name__ in KINDS]


def commands_of(values: Sequence[Any], step: int) -> list[Command]:
    """The commands that ``plain`` gave, those for ``step`` and later ones. ``StudioError`` for what is none."""
    found = [_command(one) for one in values]
    return [one for one in found if one.at is not None and one.at >= step]


def _command(values: Any) -> Command:
    kind = KINDS.get(values.get("command", "")) if isinstance(values, dict) else None
    if kind is None:
        raise StudioError("a command that waits in the run is damaged")
    try:
        return TypeAdapter(kind).validate_python({name: one for name, one in values.items() if name != "command"})
    except ValidationError as error:
        raise StudioError(f"a command that waits in the run is damaged ({error.errors()[0]['msg']})") from None
