"""The rate of every optimiser can fall to zero in a straight line."""

import pytest

from ganstudio.experiment.registry import registry

KINDS = "adam", "rmsprop", "sgd"


@pytest.mark.parametrize("kind", KINDS)
def test_the_rate_falls_in_a_straight_line(kind):
    rule = registry.build("optimiser", kind, {"lr": 0.5, "decay_updates": 200})
    rates = [rule.settings(updates)["lr"] for updates in (0, 50, 100, 199, 200, 10_000)]
    assert rates == pytest.approx([0.5, 0.375, 0.25, 0.0025, 0, 0])


@pytest.mark.parametrize("kind", KINDS)
def test_without_decay_it_stays(kind):
    rule = registry.build("optimiser", kind, {"lr": 0.5})
    assert rule.settings(0)["lr"] == rule.settings(1_000_000)["lr"] == 0.5
