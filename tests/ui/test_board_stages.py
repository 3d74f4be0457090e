"""The stages of each part of a step: what is told, in which order, and when each is shown."""

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.probes.board import BoardFrame, Move
from ganstudio.ui.widgets.board_stages import BOTH, D, G, glance, loss_formulas, stage_at, stages

FORMULA = "J_D = −E log D(x) − E log(1 − D(G(z)))    J_G = −E log D(G(z))"
FRAME = BoardFrame(
    step=3,
    trainer="main",
    z=np.zeros((8, 2), np.float32),
    fake=None,
    real=None,
    fake_points=np.zeros((9, 2), np.float32),
    real_points=np.zeros((9, 2), np.float32),
    extent=((-1.0, 1.0), (-1.0, 1.0)),
    fake_scores=np.full(8, 0.3, np.float32),
    real_scores=np.full(8, 0.7, np.float32),
    means=(0.7, 0.3),
    penalty=float("nan"),
    probability=True,
    relativistic=False,
    objective="Non-saturating",
    formula=FORMULA,
    real_target=1.0,
    batch=64,
    prior="Normal",
    order=(D, G),
    played=D,
    upcoming=G,
    count=7,
    moves={D: Move(1, "Adam", 2e-4, 1.25, 0.5), G: Move(1, "Adam", 1e-4, 0.75, 0.1)},
)


def titles(frame: BoardFrame) -> list[str]:
    return [stage.title for stage in stages(frame)]


def lines(frame: BoardFrame) -> str:
    return "\n".join(line for stage in stages(frame) for line in stage.formulas)


def test_ds_part():
    assert titles(FRAME) == ["Sample z", "Sample x", "D scores both", "Loss", "Gradient", "Update"]
    lit = [stage.lit for stage in stages(FRAME)]
    assert lit[0] == {"z", "z>G", "G", "G>fake", "fake"}
    assert "x" in lit[1]
    assert {"fake>D", "x>D", "D"} <= lit[2]
    assert "J_D" in lit[3]
    assert "J_D~D" in lit[4]
    assert lit[5] == {"D"}
    assert not any("J_G" in stage for stage in lit)
    assert "J_D = −E log D(x) − E log(1 − D(G(z)))  = 1.250" in lines(FRAME)
    assert "θ_D ← θ_D − 0.0002 · Adam(∂J_D/∂θ_D)" in lines(FRAME)


def test_gs_part_goes_back_through_a_frozen_d():
    frame = replace(FRAME, played=G, upcoming=D)
    assert titles(frame) == ["Sample z", "D scores G(z)", "Loss", "Gradient through D", "Update"]
    told = stages(frame)
    assert {"J_G~D", "D~G", "G"} <= told[3].lit
    assert "frozen" in told[1].sentence
    assert not any("x" in stage.lit for stage in told)
    assert "J_G = −E log D(G(z))  = 0.750" in lines(frame)


def test_where_gs_inputs_come_from_is_said_as_it_is():
    again = replace(FRAME, played=G, upcoming=D)
    assert "once more" in stages(again)[0].sentence
    first = replace(again, order=(G, D))
    alone = replace(again, moves={**FRAME.moves, D: Move(0)})
    for frame in (first, alone):
        assert stages(frame)[0].sentence.startswith("64 inputs drawn at random")


def test_a_relativistic_g_reads_real_scores_and_definitions_come_first():
    formula = "D̃(x) = σ(C(x) − E C(G(z)))    J_D = −E log D̃(x)    J_G = −E log D̃(G(z))"
    frame = replace(FRAME, played=G, probability=False, relativistic=True, formula=formula)
    assert {"x>D", "score_real"} <= stages(frame)[1].lit
    assert "score_real>J_G" in stages(frame)[2].lit
    assert stages(frame)[2].formulas[0] == "D̃(x) = σ(C(x) − E C(G(z)))"
    assert "critic" in stages(replace(frame, played=D))[2].sentence


def test_both_at_once():
    frame = replace(FRAME, order=(BOTH,), played=BOTH, upcoming=BOTH)
    told = stages(frame)
    assert [stage.title for stage in told[3:]] == ["Both losses", "Both gradients", "Both update"]
    assert {"J_D~D", "J_G~D", "D~G"} <= told[4].lit
    assert told[5].lit == {"D", "G"}


def test_several_updates_smoothing_and_penalties_are_told():
    frame = replace(FRAME, real_target=0.9, penalty=0.05, moves={**FRAME.moves, D: Move(3, "SGD", 0.1, 1.0, 2.0)})
    assert "3 times (k = 3)" in stages(frame)[-1].sentence
    assert "SGD(∂J_D/∂θ_D)" in lines(frame)
    assert "(target 0.9 for x)  = 1.000  + penalty 0.05" in lines(frame)


def test_a_player_that_rests_makes_no_update():
    frame = replace(FRAME, moves={**FRAME.moves, D: Move(0)})
    assert titles(frame) == ["No update"]
    assert "k = 0" in stages(frame)[0].sentence


def test_before_the_first_part_there_is_nothing_to_tell():
    frame = replace(FRAME, played="", count=0)
    assert stages(frame) == []
    assert glance(frame) is None


@pytest.mark.parametrize("played", [D, G, BOTH])
def test_a_glance_lights_all_of_a_part(played):
    frame = replace(FRAME, played=played)
    assert glance(frame).lit == frozenset().union(*(stage.lit for stage in stages(frame)))


@pytest.mark.parametrize("played", [D, G, BOTH])
def test_every_stage_says_something_in_one_line(played):
    for stage in stages(replace(FRAME, played=played)):
        assert 10 < len(stage.sentence) <= 110
        assert stage.formulas
        assert stage.lit


def test_stages_share_the_time_until_the_next_part():
    assert [stage_at(seconds, 2.0, 4) for seconds in (0, 0.49, 0.5, 1.2, 1.99, 2.0, 9.0)] == [0, 0, 1, 2, 3, 3, 3]
    assert stage_at(1.0, 0.0, 4) == 0
    assert stage_at(1.0, 2.0, 0) == 0


def test_formulas_are_taken_apart():
    found = loss_formulas("J_D = E D(G(z))²    J_G = −E D(G(z))    (D: raw output)")
    assert found == {"": "(D: raw output)", "J_D": "J_D = E D(G(z))²", "J_G": "J_G = −E D(G(z))"}
