"""The duel's laws: each side is the run with that edit alone, whatever the other does; and keeping one is that run."""

import pytest
import torch
from told import by_hand, small

from ganstudio.experiment.errors import StudioError
from ganstudio.training.duel import Duel, adopt
from ganstudio.training.trainer import Trainer

LOSS = ("objective.kind", "saturating", "non-saturating")
FORK, STEPS = 2, 3


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def fought(main: Trainer, path: str, left, right, steps: int = STEPS) -> Duel:
    duel = Duel(main, path, left, right)
    for _ in range(2 * steps):
        duel.step()
    duel.flush()
    return duel


def same(trainer: Trainer, other: Trainer) -> bool:
    """Whether two trainers will do the same from now on, and have done the same so far."""
    one, two = trainer.state(), other.state()
    rows = trainer.history.rows(), other.history.rows()
    return (
        one.tensors.keys() == two.tensors.keys()
        and all(torch.equal(one.tensors[name], two.tensors[name]) for name in one.tensors)
        and one.numbers == two.numbers
        and rows[0].tobytes() == rows[1].tobytes()
    )


@pytest.mark.parametrize(
    ("path", "left", "right", "edits"),
    [
        (*LOSS, ()),
        ("lr", 1e-3, 1e-4, ()),
        ("players.discriminator.updates", 3, 1, ()),
        ("players.generator.optimiser.kind", "sgd", "adam", (("ema", 0.5),)),
        ("game.order", "simultaneous", "generator first", (("objective", "least-squares"),)),
        ("noise.kind", "uniform", "normal", (("players.*.network.norm", "none"),)),
    ],
)
def test_each_side_is_the_run_with_its_edit_and_leaves_the_forked_one_alone(path, left, right, edits):
    experiment = small(*edits)
    main = by_hand(FORK, experiment=experiment)
    duel = fought(main, path, left, right)
    for side, value in ((duel.left, left), (duel.right, right)):
        alone = by_hand(FORK + STEPS, (FORK, path, value), experiment=experiment)
        assert same(side.trainer, alone)
    assert same(main, by_hand(FORK, experiment=experiment))
    assert duel.left.trainer.weights_sha256() != duel.right.trainer.weights_sha256()


def test_keeping_a_side_and_training_on_is_having_made_the_edit():
    main = by_hand(FORK)
    duel = fought(main, *LOSS)
    adopt(main, duel.left.trainer)
    assert main.experiment.objective.kind == "saturating"
    assert same(main, duel.left.trainer)
    for _ in range(STEPS):
        main.step()
    main.flush()
    assert same(main, by_hand(FORK + 2 * STEPS, (FORK, "objective.kind", "saturating")))


def test_the_sides_take_turns_step_by_step_and_in_slow_motion_part_by_part():
    duel = Duel(by_hand(FORK), *LOSS)
    found = []
    for _ in range(4):
        duel.step()
        found.append((duel.left.trainer.steps - FORK, duel.right.trainer.steps - FORK, duel.level))
    assert found == [(1, 0, False), (1, 1, True), (2, 1, False), (2, 2, True)]
    for part in ("discriminator", "discriminator", "generator", "generator"):
        assert not duel.level or part == "discriminator"
        turn = duel.left if duel.left.trainer.next_part == part else duel.right
        assert turn.trainer.next_part == part
        duel.play_next()
    assert duel.level
    assert duel.steps == FORK + 3


def test_sides_whose_steps_have_other_parts_stay_together():
    duel = Duel(by_hand(0), "game.order", "simultaneous", "discriminator first")
    for _ in range(30):
        duel.play_next()
        assert abs(duel.left.trainer.steps - duel.right.trainer.steps) <= 1
    duel.make_level()
    assert duel.left.trainer.steps == duel.right.trainer.steps == duel.steps


def test_an_edit_acts_on_both_sides_so_that_they_differ_in_one_field_alone():
    duel = fought(by_hand(FORK), *LOSS)
    duel.edit("lr", 3e-4)
    for _ in range(2 * STEPS):
        duel.step()
    duel.flush()
    for side in duel.sides.values():
        alone = by_hand(FORK + 2 * STEPS, (FORK, "objective.kind", side.value), (FORK + STEPS, "lr", 3e-4))
        assert same(side.trainer, alone)
    assert [step for step, _ in duel.left.edits] == [FORK, FORK + STEPS, FORK + STEPS]


@pytest.mark.parametrize(
    ("path", "left", "right", "words"),
    [
        ("objective.kind", "saturating", "saturating", "both sides would play the same"),
        ("objective.kind", "saturating", "saturated", "there is no objective called 'saturated'"),
        ("batch_size", 16, 60_000, "larger than the data set"),
        ("seed", 1, 2, "restart only"),
        ("nothing.at.all", 1, 2, "nothing"),
        ("lr", 1e-3, -1.0, "more than 0"),
    ],
)
def test_what_cannot_be_fought_over_is_refused_in_a_sentence(path, left, right, words):
    main = by_hand(1)
    with pytest.raises(StudioError, match=words):
        Duel(main, path, left, right)
    assert same(main, by_hand(1))


@pytest.mark.parametrize(("path", "value"), [("objective.kind", "hinge"), ("objective", "hinge")])
def test_the_field_of_the_duel_is_not_edited_away(path, value):
    duel = Duel(by_hand(1), *LOSS)
    with pytest.raises(StudioError, match="the duel is about this field"):
        duel.edit(path, value)
    assert duel.left.trainer.experiment.objective.kind == "saturating"


def test_an_edit_that_one_side_cannot_have_changes_neither():
    duel = Duel(by_hand(0), "game.order", "simultaneous", "discriminator first")
    with pytest.raises(StudioError, match="k = 1"):
        duel.edit("players.discriminator.updates", 2)
    assert all(one.trainer.experiment.players["discriminator"].updates == 1 for one in duel.sides.values())


def test_a_side_that_fails_rests_in_its_last_good_state_and_the_other_plays_on():
    main = by_hand(FORK)
    duel = Duel(main, "players.generator.optimiser.params.lr", 10.0, 1e-3)
    for _ in range(2):
        duel.step()
    with torch.no_grad():
        duel.left.trainer.players["generator"].parameters[0].fill_(torch.nan)
    for _ in range(4):
        duel.step()
    duel.flush()
    assert "not a finite number" in duel.left.failure
    assert f"rests at step {FORK}" in duel.left.failure
    assert duel.left.trainer.steps == len(duel.left.trainer.history) == FORK
    assert duel.left.trainer.finite()
    assert duel.standing == [duel.right]
    duel.make_level()
    alone = by_hand(duel.steps, (FORK, "players.generator.optimiser.params.lr", 1e-3))
    assert same(duel.right.trainer, alone)


def test_a_step_that_raises_ends_one_side_and_when_both_have_failed_none_has_its_turn():
    duel = Duel(by_hand(FORK), *LOSS)

    def broken():
        raise RuntimeError("broken on purpose")

    duel.right.trainer.step = broken
    duel.step()
    duel.step()
    assert "broken on purpose" in duel.right.failure
    assert not duel.left.failure
    duel.left.trainer.step = broken
    duel.step()
    assert not duel.standing
    duel.step()
    assert duel.level
