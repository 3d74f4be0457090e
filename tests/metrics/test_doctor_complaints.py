"""Each complaint on numbers that were made up for it: just beyond its criterion and just short of it."""

from dataclasses import replace
from math import nan

import pytest

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.metrics.doctor.collapse import ModeCollapse
from ganstudio.metrics.doctor.complaint import Complaint, Patient, percent
from ganstudio.metrics.doctor.divergence import Divergence, Standstill
from ganstudio.metrics.doctor.memorisation import Memorisation
from ganstudio.metrics.doctor.oscillation import Oscillation
from ganstudio.metrics.doctor.rates import Drift, RateTooHigh
from ganstudio.metrics.doctor.readings import Readings
from ganstudio.metrics.doctor.rest import Equilibrium
from ganstudio.metrics.doctor.winners import DiscriminatorWon, GeneratorWon

POINTS = Patient(preset("ring-8"), images=False)
IMAGES = Patient(preset("mlp-mnist"), images=True)
WELL = Readings(
    0, 5000, 5000, 20.0, auc=0.7, loss_share=0.8, score_real=0.6, score_fake=0.4, loss_d=1.1, loss_g=0.9, size=3.0,
    gradient_d=2.0, gradient_g=1.0, noise_d=0.4, noise_g=0.3, weights_d=0.1, weights_g=0.1, update_d=0.01,
    update_g=0.01, drift=0.1, diversity=0.95, mismatch=0.05, duplicates=0.0, modes=7.8, modes_real=8.0, mode=nan,
    travel=0.1, nearness=0.9, second=0.95,
)  # fmt: skip
"""A run in its middle age with nothing amiss."""


def course(*changes: dict, count: int = 20) -> list[Readings]:
    """So many healthy examinations, 100 steps apart; the last of them are changed."""
    looks = [replace(WELL, step=100 * i, updates_g=100 * i, updates_d=100 * i) for i in range(100, 100 + count)]
    for index, one in enumerate(changes, count - len(changes)):
        looks[index] = replace(looks[index], **one)
    return looks


def strength(complaint: Complaint, past: list[Readings], patient: Patient = POINTS) -> float:
    return complaint.judge(past, patient).strength


ALL = (
    Divergence(), Standstill(), RateTooHigh(), DiscriminatorWon(), GeneratorWon(), ModeCollapse(), Oscillation(),
    Memorisation(), Drift(), Equilibrium(),
)  # fmt: skip
UNKNOWN = [Readings(step, 10 * step, 10 * step) for step in range(1, 30)]


@pytest.mark.parametrize("complaint", ALL, ids=lambda one: one.name)
@pytest.mark.parametrize("patient", [POINTS, IMAGES])
def test_nothing_is_said_of_a_healthy_run_nor_of_one_of_which_nothing_is_known(complaint, patient):
    assert strength(complaint, course(), patient) < 0.7
    assert strength(complaint, UNKNOWN, patient) == 0


BOTH_SIDES = [
    (DiscriminatorWon(), {"loss_share": 0.009}, {"loss_share": 0.011}),
    (GeneratorWon(), {"loss_share": 0.98, "mismatch": 0.5}, {"loss_share": 0.96, "mismatch": 0.5}),
    (GeneratorWon(), {"loss_share": 1.1, "mismatch": 0.41}, {"loss_share": 1.1, "mismatch": 0.39}),
    (ModeCollapse(), {"diversity": 0.34}, {"diversity": 0.36}),
    (ModeCollapse(), {"modes": 3.5}, {"modes": 3.7}),
    (Drift(), {"drift": 0.51}, {"drift": 0.49}),
    (RateTooHigh(), {"update_d": 0.13}, {"update_d": 0.11}),
    (RateTooHigh(), {"update_g": 0.13}, {"update_g": 0.11}),
    (RateTooHigh(), {"weights_g": 0.26}, {"weights_g": 0.24}),
    (Divergence(), {"size": 51.0}, {"size": 49.0}),
    (Divergence(), {"finite": False}, {"finite": True}),
    (Memorisation(), {"nearness": 0.5, "second": 0.7}, {"nearness": 0.5, "second": 0.8}),
    (Memorisation(), {"nearness": 0.59, "second": 0.5}, {"nearness": 0.61, "second": 0.5}),
    (
        Standstill(),
        {"gradient_d": 0.0, "gradient_g": 0.0, "mismatch": 0.3, "loss_share": 1.0},
        {"gradient_d": 0.0, "gradient_g": 0.0, "mismatch": 0.05, "loss_share": 1.0},
    ),
]


@pytest.mark.parametrize(("complaint", "beyond", "short"), BOTH_SIDES, ids=lambda one: getattr(one, "name", ""))
def test_the_criterion_has_two_sides(complaint, beyond, short):
    found = complaint.judge(course(beyond), POINTS)
    assert found.strength >= 1
    assert found.sentence
    assert found.evidence
    assert all("nan" not in one.words for one in found.evidence)
    assert strength(complaint, course(short)) < 1


def test_growth_is_not_spoken_for_by_a_last_update_that_was_small():
    grown = RateTooHigh().judge(course({"weights_d": 1.0, "update_d": 0.003}), POINTS)
    assert [one.reading for one in grown.evidence] == ["weights_d", "noise_d"]
    large = RateTooHigh().judge(course({"update_d": 0.3}), POINTS)
    assert [one.reading for one in large.evidence] == ["update_d", "weights_d", "noise_d"]


def test_drift_is_laid_to_small_batches_where_they_are_small():
    small, _ = change(IMAGES.experiment, "batch_size", 4)
    tiny = replace(IMAGES, experiment=small)
    assert "Batches of 4" in Drift().judge(course({"drift": 0.7}), tiny).sentence
    first, *_ = Drift().remedies(course({"drift": 0.7}), tiny)
    assert first.edits == (("batch_size", 32),)
    assert "lag behind" in Drift().judge(course({"drift": 0.7}), IMAGES).sentence
    (other,) = Drift().remedies(course({"drift": 0.7}), IMAGES)
    assert other.edits[0][0] == "players.generator.optimiser.params.lr"


def test_large_from_the_start_is_no_divergence():
    steep = [replace(one, size=400.0) for one in course()]
    assert strength(Divergence(), steep) < 1


def test_a_d_that_plays_alone_has_not_won():
    alone, _ = change(POINTS.experiment, "players.generator.updates", 0)
    assert strength(DiscriminatorWon(), course({"loss_share": 0.001}), Patient(alone, False)) == 0


def test_nothing_is_said_of_who_wins_where_the_loss_has_no_scale():
    critic, _ = change(POINTS.experiment, "objective", "wasserstein")
    past = course({"loss_share": nan, "auc": 1.0, "mismatch": 0.9})
    for complaint in (DiscriminatorWon(), GeneratorWon(), Equilibrium()):
        assert strength(complaint, past, Patient(critic, False, probability=False)) == 0


def test_a_critics_values_are_not_called_percentages():
    words = [
        one.words
        for one in DiscriminatorWon().judge(course({"loss_share": 0.001}), replace(POINTS, probability=False)).evidence
    ]
    assert not any("gives generated samples" in one for one in words)


def test_young_samples_are_alike_and_yet_not_collapsed():
    young = [replace(WELL, step=s, updates_g=s, diversity=0.05, modes=nan, modes_real=nan) for s in range(20, 400, 20)]
    assert strength(ModeCollapse(), young, IMAGES) == 0
    old = [replace(one, updates_g=1000 + one.step) for one in young]
    assert strength(ModeCollapse(), old, IMAGES) >= 1
    rising = [replace(one, diversity=0.05 * 1.05**i) for i, one in enumerate(old)]
    assert strength(ModeCollapse(), rising, IMAGES) == 0
    unmoved = [replace(one, travel=0.0) for one in old]
    assert strength(ModeCollapse(), unmoved, IMAGES) == 0


def test_a_fall_from_the_peak_counts_at_any_age():
    fallen = [replace(WELL, step=s, updates_g=s, diversity=0.9, modes=nan, modes_real=nan) for s in range(20, 200, 20)]
    assert strength(ModeCollapse(), [*fallen, replace(fallen[-1], diversity=0.3)], IMAGES) >= 1
    low = [replace(one, diversity=0.4) for one in fallen]
    assert strength(ModeCollapse(), [*low, replace(low[-1], diversity=0.3)], IMAGES) < 1


def test_jumps_and_hops_are_oscillation_and_a_rest_ends_it():
    far = [{"travel": 1.1}] * 5
    assert strength(Oscillation(), course(*far)) >= 1
    assert strength(Oscillation(), course(*[{"travel": 0.9}] * 5)) < 1
    assert strength(Oscillation(), course(*[{"travel": 3.0}] * 4, {"travel": 0.0}, {"travel": 0.0})) < 1
    hops = [{"mode": float(one), "modes": 1.2} for one in (0, 3, 3, 5, 1)]
    assert strength(Oscillation(), course(*hops)) >= 1
    assert strength(Oscillation(), course(*hops[:-1])) < 1
    served = [{"mode": float(one % 2), "modes": 7.0} for one in range(8)]
    assert strength(Oscillation(), course(*served)) < 1, "one mode is merely the largest of many that are served"


def test_the_equilibrium_takes_rest_likeness_and_time():
    still = [{"loss_share": 0.99, "mismatch": 0.02}] * 20
    assert strength(Equilibrium(), course(*still)) >= 1
    assert strength(Equilibrium(), course(*[{**one, "loss_share": 0.95} for one in still])) < 1
    assert strength(Equilibrium(), course(*[{**one, "mismatch": 0.1} for one in still])) < 1
    assert strength(Equilibrium(), course(*still[:12], count=12)) == 0
    improving = [{"loss_share": 0.99, "mismatch": 0.05 * 0.96**i} for i in range(20)]
    assert strength(Equilibrium(), course(*improving)) < 1


def test_the_steps_that_were_too_large_are_whose_are_called_so():
    assert "D's steps" in RateTooHigh().judge(course({"update_d": 0.5}), POINTS).sentence
    assert "G's steps" in RateTooHigh().judge(course({"update_g": 0.5}), POINTS).sentence


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.5, "50 %"), (0.998, "99.8 %"), (0.034, "3.4 %"), (0.0004, "0.04 %"), (1e-9, "less than 0.001 %"), (nan, "—")],
)
def test_shares_in_words(share, words):
    assert percent(share) == words
