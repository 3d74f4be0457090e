"""Numbers as a person types them, reads them and steps through them."""

import pytest

from ganstudio.experiment.fields import Field
from ganstudio.ui.widgets.numbers import parsed, shown, stepped

RATE = "players.generator.optimiser.params.lr"
WIDTH = "players.generator.network.params.hidden"


def field(**facts) -> Field:
    return Field("x", "X", "", **{"editor": "number", "live": True, **facts})


@pytest.mark.parametrize(
    ("text", "integer", "value"),
    [
        ("3", True, 3),
        (" 2e-4 ", False, 2e-4),
        ("1e3", True, 1000),
        ("1.5", True, 1.5),
        ("9223372036854775807", True, 2**63 - 1),
        ("x", False, "x"),
        ("", True, ""),
        ("inf", True, float("inf")),
    ],
)
def test_numbers_as_they_are_typed(text, integer, value):
    assert parsed(text, integer) == value
    assert type(parsed(text, integer)) is type(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0002, "0.0002"), (1e-5, "1e-5"), (2.0, "2"), (64, "64"), (3**0.5, "1.73205"), (1e10, "1e10"), (True, "True")],
)
def test_numbers_as_they_are_shown(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "steps", "facts", "after"),
    [
        (0.0002, 1, {"log": True}, 0.0005),
        (0.0002, -1, {"log": True}, 0.0001),
        (0.00015, 1, {"log": True}, 0.0002),
        (0.001, 10, {"log": True, "limits": {"le": 10}}, 2.0),
        (5.0, 3, {"log": True, "limits": {"le": 10}}, 10.0),
        (0.999, -1, {}, 0.998),
        (0.999, 1, {"limits": {"lt": 1}}, 0.999),
        (0.5, 1, {}, 0.6),
        (0.0, 1, {"limits": {"ge": 0, "le": 1}}, 0.1),
        (0.0, -1, {"limits": {"ge": 0, "le": 1}}, 0.0),
        (10.0, 1, {}, 11.0),
        (1e-6, 1, {}, 2e-6),
        (64, 1, {"editor": "integer"}, 65),
        (64, -10, {"editor": "integer", "limits": {"ge": 60}}, 60),
    ],
)
def test_steps_stay_within_the_limits_and_go_by_the_last_digit(value, steps, facts, after):
    found = stepped(value, steps, field(**facts))
    assert found == pytest.approx(after, rel=1e-9)
    assert type(found) is type(value)
