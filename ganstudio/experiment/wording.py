"""Fields and their values in the words of the form, for sentences that people read."""

import re
from typing import Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.fields import Field, sections
from ganstudio.experiment.paths import expand

PATH = re.compile(r"(?<![\w./-])[a-z_]+(?:\.[a-z0-9_-]+)+(?![\w./-])|^[a-z_]+(?=: )")
"""What may be a field's path in a sentence: dotted anywhere, or one word at its head."""


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


def in_words(experiment: Experiment, sentence: str) -> str:
    """A sentence that calls fields by their paths, with the form's words in their place."""
    return PATH.sub(lambda found: _called(experiment, found[0]), sentence)


def _called(experiment: Experiment, path: str) -> str:
    words = field_words(experiment, full := expand(experiment, path)[0])
    section = next((one.title for one in sections(experiment) if one.optional and one.name == path), path)
    return section if words == full else words


def _found(experiment: Experiment, path: str) -> tuple[str, Field | None]:
    for section in sections(experiment):
        for field in section.fields:
            if field.path == path:
                same = section.title == field.title
                return field.title if same else f"{section.title} · {field.title}", field
    return path, None
