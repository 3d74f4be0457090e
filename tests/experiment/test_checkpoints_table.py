"""The table that says when a run is saved: live fields, in TOML, in the form, on the command line."""

import pytest

from ganstudio.experiment.differences import default, differing
from ganstudio.experiment.edits import assignment, change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Checkpoints
from ganstudio.experiment.fields import sections
from ganstudio.experiment.files import dumps, loads, preset
from ganstudio.experiment.paths import value_at


def test_an_experiment_without_the_table_has_its_defaults():
    text = dumps(preset("ring-8"))
    older, _, rest = text.partition("[checkpoints]")
    experiment = loads(older + "\n".join(rest.splitlines()[5:]))
    assert (experiment.checkpoints, experiment) == (Checkpoints(), preset("ring-8"))


@pytest.mark.parametrize(
    ("typed", "value"),
    [("every_seconds=0.5", 0.5), ("every_steps=100", 100), ("budget_mb=50", 50), ("tensorboard=true", True)],
)
def test_each_field_can_be_set_live_and_is_kept_in_the_file(typed, value):
    path, typed_value = assignment(f"checkpoints.{typed}")
    edited, (made,) = change(preset("ring-8"), path, typed_value)
    assert (made.path, made.new, made.live) == (path, value, True)
    assert differing(preset("ring-8"), edited) == [path]
    assert value_at(loads(dumps(edited)), path) == value
    assert default(edited, path) == value_at(preset("ring-8"), path)


def test_the_form_shows_the_table_with_units():
    (section,) = [one for one in sections(preset("ring-8")) if one.name == "checkpoints"]
    assert {field.path.removeprefix("checkpoints."): field.unit for field in section.fields} == {
        "every_seconds": "seconds",
        "every_steps": "steps",
        "budget_mb": "megabytes",
        "tensorboard": "",
    }


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("checkpoints.every_seconds", -1, "at least 0"),
        ("checkpoints.every_seconds", float("inf"), "finite|number"),
        ("checkpoints.every_steps", 1.5, "whole number"),
        ("checkpoints.budget_mb", 0, "at least 1"),
        ("checkpoints.tensorboard", "perhaps", "true or false"),
        ("checkpoints.every_hours", 1, "no such field.*every_seconds"),
        ("checkpoints", 60, "table|no such field"),
    ],
)
def test_what_a_field_cannot_be_is_refused(path, value, said):
    with pytest.raises(StudioError, match=said) as refused:
        change(preset("ring-8"), path, value)
    assert refused.value.field == path
