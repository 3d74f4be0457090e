"""The verdict of a duel on sides whose numbers are known in closed form."""

import json
from math import isnan, log

import numpy as np
import pytest

from ganstudio.metrics.duel_verdict import FEWEST, WINDOW, Row, Side, Standing, from_plain, plain, verdict
from ganstudio.training.history import History

NAMES = ("loss.discriminator", "loss.generator", "value", "score.real", "score.fake", "gradient.generator")
USUAL = {"loss.discriminator": 1.0, "loss.generator": 0.7, "value": -1.0, "score.real": 0.6, "score.fake": 0.4}


def side(steps: int, *, before: int = 0, gradient=1.0, words="a", standing=None, failure="", **numbers) -> Side:
    """A side whose metrics are constant, after ``before`` steps of the same with a gradient of 1."""
    history = History(NAMES)
    row = {**USUAL, **numbers}
    rows = np.array([[row.get(name, 1.0) for name in NAMES]] * (before + steps), np.float32).reshape(-1, len(NAMES))
    if steps:
        rows[before:, -1] = gradient
    history.append(rows)
    return Side(words, history, True, standing or Standing(), failure)


def row(found, label: str) -> Row:
    return next(one for one in found.rows if one.label.startswith(label))


def test_equal_sides_show_no_clear_difference():
    found = verdict(side(200), side(200), 0)
    assert found.better == ""
    assert found.sentence == "No clear difference after 200 steps."
    assert not any(one.better for one in found.rows)


def test_the_means_are_over_the_last_steps_since_the_fork_alone():
    left = side(50, before=WINDOW, value=-1.0)
    values = np.array([[0, 0, -9.0, 0, 0, 1.0]] * WINDOW + [[0, 0, -2.0, 0, 0, 1.0]] * WINDOW, np.float32)
    left.history.append(values)
    found = verdict(left, side(10, before=WINDOW), WINDOW)
    assert row(found, "V").left == pytest.approx(-2.0)
    assert row(found, "V").right == pytest.approx(-1.0)
    assert (row(found, "Steps").left, row(found, "Steps").right) == (250, 10)
    assert found.steps == 250


def test_a_vanished_gradient_is_measured_against_what_is_usual_and_speaks_against_its_side():
    gradient = np.where(np.arange(200) < 150, 0.009, 0.011)
    found = verdict(side(200, words="saturating", gradient=gradient), side(200, words="non-saturating"), 0)
    gone = row(found, "G's gradient gone")
    assert (gone.left, gone.right, gone.better) == (0.75, 0.0, "right")
    assert found.better == "right"
    assert found.sentence.startswith("Right (non-saturating) stands better after 200 steps: G's gradient was gone")
    assert "0% of the steps against 75%" in found.sentence


def test_what_is_usual_comes_from_before_the_fork_where_both_sides_have_lost_their_gradient():
    left, right = (side(100, before=WINDOW, gradient=0.001) for _ in range(2))
    gone = row(verdict(left, right, WINDOW), "G's gradient gone")
    assert (gone.left, gone.right, gone.better) == (1.0, 1.0, "")


def test_nearness_to_the_data_weighs_more_than_all_else_and_what_speaks_against_it_is_said():
    near = Standing(diversity=0.5, covered=8, modes=8, js=0.1)
    far = Standing(diversity=1.0, covered=3, modes=8, js=0.5)
    found = verdict(side(100, standing=near, words="k = 5"), side(100, standing=far, words="k = 1"), 0)
    assert found.better == "left"
    assert row(found, "JSD").better == row(found, "Modes of 8").better == "left"
    assert row(found, "Diversity").better == "right"
    assert "JSD 0.100 nats against 0.500" in found.sentence
    assert "8 of 8 modes against 3" in found.sentence
    assert found.sentence.endswith("In right's favour: the spread of its samples is 1.00 of the data's against 0.50.")


@pytest.mark.parametrize(("left", "right", "better"), [(0.05, 0.065, ""), (0.05, 0.08, "left"), (0.6, 0.55, "")])
def test_a_divergence_is_told_apart_only_beyond_chance(left, right, better):
    found = verdict(side(100, standing=Standing(js=left)), side(100, standing=Standing(js=right)), 0)
    assert row(found, "JSD").better == better == found.better


def test_diversity_is_best_where_it_is_that_of_the_data():
    for one, other in ((1.0, 0.5), (1.0, 2.0), (0.9, 0.001)):
        found = verdict(side(50, standing=Standing(one)), side(50, standing=Standing(other)), 0)
        assert found.better == "left"
    close = verdict(side(50, standing=Standing(1.0)), side(50, standing=Standing(0.85)), 0)
    assert close.better == ""
    assert abs(log(0.85)) < log(1.25)


def test_the_side_whose_samples_d_tells_less_apart_fools_it_more_and_critics_do_not_compare():
    left, right = side(50, **{"score.fake": 0.1}), side(50, **{"score.fake": 0.5})
    assert verdict(left, right, 0).better == "right"
    critic = Side("critic", right.history, probability=False)
    assert row(verdict(left, critic, 0), "D(G(z))").better == ""


def test_losses_and_the_norm_of_the_gradient_are_told_and_not_judged():
    found = verdict(side(50, **{"loss.generator": 9.0, "value": -0.1}), side(50, gradient=2.0), 0)
    assert found.better == ""
    assert row(found, "J_G").left == 9.0


def test_a_side_that_broke_down_loses_whatever_its_numbers():
    good = Standing(1.0, 8, 8, 0.0)
    broken = side(5, standing=good, failure="A loss is not finite.")
    found = verdict(broken, side(3, words="b"), 0)
    assert found.better == "right"
    assert found.sentence == "Right (b) stands better: left broke down. A loss is not finite."
    assert verdict(side(3), broken, 0).better == "left"
    both = verdict(broken, broken, 0)
    assert both.better == ""
    assert both.sentence.startswith("Both sides broke down")


def test_too_few_steps_and_none_at_all_are_said_to_be_too_few():
    for steps in (0, FEWEST - 1):
        found = verdict(side(steps), side(steps, gradient=0.0), 0)
        assert found.better == ""
        assert found.sentence.startswith("Too early to tell")
    assert isnan(row(verdict(side(0), side(0), 0), "J_D").left)


def test_steps_without_a_number_and_games_without_a_metric_are_left_out():
    history = History(("loss.generator", "gradient.generator"))
    history.append(np.array([[np.nan, 1.0], [2.0, np.nan], [4.0, 1.0]] * 20, np.float32))
    found = verdict(Side("a", history), Side("b", history), 0)
    assert row(found, "J_G").left == 3.0
    assert isnan(row(found, "D(x)").left)
    assert row(found, "G's gradient gone").left == 0.0


def test_a_verdict_comes_through_json_as_it_was():
    found = verdict(side(30, standing=Standing(diversity=0.5)), side(30), 0)
    back = from_plain(json.loads(json.dumps(plain(found), allow_nan=False)))
    assert (back.sentence, back.better, back.steps) == (found.sentence, found.better, found.steps)
    assert [repr(one) for one in back.rows] == [repr(one) for one in found.rows]
