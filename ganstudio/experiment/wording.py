"""Fields and their values in the words of the form, for sentences that people read."""

from typing import Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.fields import Field, sections


def field_words(experiment: Experiment, path: str) -> str:
    """A field with its section, as the form calls them: ``Generator · Learning rate``; the path where it has none."""
    return _found(experiment, path)[0]


def value_words(experiment: Experiment, path: str, value: Any) -> str:
    """A value of the field at a full path: ``Saturating (minimax)``, ``0.0002``, ``on``; ``off`` for none."""
    field = _found(experiment, path)[1]
    titles = {one.value: one.title for one in field.choices} if field is not None else {}
    if isinstance(value, str) and value in titles:
        return titles[value]
    if isinstance(value, bool) or value is None or value == "":
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def edit_words(experiment: Experiment, path: str, old: Any, new: Any) -> str:
    """An edit of an experiment: ``Objective · Losses: Non-saturating → Saturating (minimax)``."""
    before, after = (value_words(experiment, path, value) for value in (old, new))
    return f"{field_words(experiment, path)}: {before} → {after}"


def _found(experiment: Experiment, path: str) -> tuple[str, Field | None]:
    for section in sections(experiment):
        for field in section.fields:
            if field.path == path:
                same = section.title == field.title
                return field.title if same else f"{section.title} · {field.title}", field
    return path, None
