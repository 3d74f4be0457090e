"""The doctor at real trainers: quiet at healthy ones, soon right about sick ones, and without a trace."""

import numpy as np
import pytest
import torch
from condition import condition

from ganstudio.experiment import files, scenes
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.paths import value_at
from ganstudio.metrics.doctor.complaint import Patient
from ganstudio.metrics.doctor.doctor import COMPLAINTS
from ganstudio.metrics.doctor.readings import Readings
from ganstudio.probes.doctor import DoctorFrame, DoctorProbe, _allowed
from ganstudio.probes.examination import Room, sizes
from ganstudio.training.trainer import Trainer

NARROW = {f"players__{name}__network__hidden": [32] for name in ("generator", "discriminator")}


def made(name: str, **edits) -> Experiment:
    found = files.preset(name)
    for path, value in edits.items():
        found, _ = change(found, path.replace("__", "."), value)
    return found


def examined(experiment: Experiment, steps: int, every: int, edits=()) -> list[DoctorFrame]:
    """The examinations of a run, from its start."""
    trainer, probe, waiting = Trainer(experiment), DoctorProbe(), sorted(edits, key=lambda edit: edit[0])
    frames = [probe.frame(trainer)]
    while trainer.steps < steps:
        while waiting and waiting[0][0] <= trainer.steps:
            trainer.edit(*waiting.pop(0)[1:])
        trainer.step()
        if trainer.steps % every == 0:
            trainer.flush()
            frames.append(probe.frame(trainer))
    return frames


def said(frames: list[DoctorFrame]) -> dict[str, int]:
    """Complaint → the step of the examination at which it was first made."""
    found: dict[str, int] = {}
    for frame in frames:
        for finding in frame.findings:
            found.setdefault(finding.complaint, frame.step)
    return found


@pytest.mark.parametrize(("name", "steps", "every"), [("ring-8", 120, 20), ("moons", 100, 20), ("figure-1", 80, 20)])
def test_it_is_quiet_at_healthy_runs(name, steps, every):
    assert said(examined(files.preset(name), steps, every)) == {}


def test_it_names_collapse_and_hopping_in_the_helvetica_scene():
    scene, _ = scenes.find("helvetica")
    found = said(examined(scene.experiment(), 60, 10))
    assert found["mode-collapse"] <= 60
    assert found["generator-won"] <= 60


def test_it_names_the_vanishing_gradient_and_the_other_loss_as_its_remedy():
    scene, _ = scenes.find("vanishing-gradient")
    frames = examined(scene.experiment(), 80, 10, [(40, "players.generator.updates", 1)])
    assert 40 < said(frames)["discriminator-won"] <= 80
    (finding,) = frames[-1].findings
    assert finding.remedy.edits == (("objective.kind", "non-saturating"),)
    assert "stands still" in finding.sentence


@pytest.mark.parametrize(
    ("edits", "player"),
    [
        ({"players__discriminator__optimiser__lr": 0.15}, "discriminator"),
        ({"players__generator__optimiser__lr": 0.3}, "generator"),
    ],
)
def test_it_names_the_rate_that_is_too_high(edits, player):
    frames = examined(made("ring-8", **edits), 60, 20)
    assert said(frames)["rate-too-high"] <= 60
    ((path, value),) = frames[-1].findings[0].remedy.edits
    assert path == f"players.{player}.optimiser.params.lr"
    assert value < 0.1


def test_it_names_batches_that_are_too_small_for_batch_norm_and_a_larger_one_mends_it():
    trainer, probe, seen = Trainer(made("mlp-mnist", batch_size=2, **NARROW)), DoctorProbe(), []
    while trainer.steps < 240:
        trainer.step()
        if trainer.steps % 20 == 0:
            trainer.flush()
            frame = probe.frame(trainer)
            seen.append([one.complaint for one in frame.findings])
            for finding in frame.findings:
                if finding.complaint == "drift" and trainer.experiment.batch_size == 2:
                    assert "Batches of 2" in finding.sentence
                    assert finding.remedy.edits == (("batch_size", 32),)
                    trainer.edit("batch_size", 32)
    assert "drift" in seen[6]  # the third look after G's 100 updates
    assert trainer.experiment.batch_size == 32
    assert "drift" not in seen[-1]


def test_looking_changes_nothing(make_trainer):
    watched, alone, probe = make_trainer(steps=0), make_trainer(steps=0), DoctorProbe()
    for _ in range(3):
        before = condition(watched)
        probe.frame(watched)
        assert condition(watched) == before
        watched.step()
        alone.step()
    assert watched.weights_sha256() == alone.weights_sha256()


def test_before_the_first_step_it_says_nothing():
    frame = DoctorProbe().frame(Trainer(files.preset("moons")))
    assert (frame.readings, frame.findings, frame.course) == (None, (), {})


def test_the_look_of_step_0_is_what_later_ones_are_compared_with():
    trainer, probe = Trainer(files.preset("moons")), DoctorProbe()
    probe.frame(trainer)
    for _ in range(10):
        trainer.step()
    frame = probe.frame(trainer)
    assert frame.course["step"].tolist() == [0, 10]
    assert np.isfinite(frame.readings.travel)


def test_readings_are_those_of_the_run():
    trainer, probe = Trainer(files.preset("ring-8")), DoctorProbe()
    for _ in range(30):
        trainer.step()
    trainer.flush()
    now: Readings = probe.frame(trainer).readings
    assert (now.step, now.updates_g, now.updates_d) == (30, 30, 30)
    assert now.loss_d == pytest.approx(trainer.history.column("loss.discriminator").mean(), rel=1e-5)
    weights = torch.cat([one.flatten() for one in trainer.players["discriminator"].parameters]).detach()
    assert now.weights_d == pytest.approx(float(weights.square().mean().sqrt()), rel=1e-4)
    before = [one.detach().clone() for one in trainer.players["generator"].parameters]
    trainer.step()
    after = trainer.players["generator"].parameters
    moved = sum(float((a.detach() - b).square().sum()) for a, b in zip(after, before, strict=True))
    whole = sum(float(one.square().sum()) for one in before)
    assert sizes(trainer.players["generator"]).update == pytest.approx((moved / whole) ** 0.5, rel=0.05)
    assert 0 <= now.auc <= 1
    assert 1 <= now.modes <= 8 + 1e-9


def test_statistics_that_lag_behind_are_measured(make_trainer):
    trainer = make_trainer(steps=30)
    room = Room(trainer)
    room.refresh(trainer)
    _, usual = room.generated()
    norms = [one for one in trainer.players["generator"].network.modules() if hasattr(one, "running_mean")]
    with torch.no_grad():
        norms[-1].running_mean.add_(2 * norms[-1].running_var.sqrt())
    room.refresh(trainer)
    _, drifted = room.generated()
    assert drifted > usual + 1


def test_statistics_are_those_of_batches_as_large_as_in_training():
    trainer, found = Trainer(made("mlp-mnist", **NARROW)), {}
    network = trainer.players["generator"].network
    for norm in [one for one in network.modules() if hasattr(one, "running_mean")]:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean: nothing lags behind
    with torch.no_grad():
        for seed in range(10):
            network(trainer.noise.draw(64, torch.Generator().manual_seed(seed)))
    for size in (2, 4, 8, 64):
        trainer.edit("batch_size", size)
        room = Room(trainer)
        room.refresh(trainer)
        samples, found[size] = room.generated()
        assert len(samples) == room.count
    assert found[2] > 1.5 * found[4] > 1.5 * found[8] > 1.5 * found[64]
    assert found[2] > 0.5 > found[8]


def test_copies_of_training_images_are_measured(make_trainer):
    trainer = make_trainer()
    room = Room(trainer)
    own = trainer.data.batch(torch.arange(64)).x
    found = room.measure_copies(own + 0.02 * torch.randn(own.shape, generator=torch.Generator().manual_seed(1)))
    assert found["nearness"] < 0.4
    assert found["second"] < 0.5
    grey = room.measure_copies(own.mean(0, keepdim=True).expand_as(own))
    assert grey["second"] > 0.9


def test_samples_that_are_no_numbers_are_told_of(make_trainer):
    trainer, probe = make_trainer(), DoctorProbe()
    with torch.no_grad():
        trainer.players["generator"].parameters[0].fill_(float("nan"))
    found = [probe.frame(trainer)]
    for _ in range(2):
        for _ in range(6):
            trainer.steps += 1  # as if it had gone on
        found.append(probe.frame(trainer))
    assert found[-1].findings[0].complaint == "divergence"
    assert "not finite" in found[-1].findings[0].sentence


def test_a_run_that_went_back_is_examined_anew():
    trainer, probe = Trainer(files.preset("moons")), DoctorProbe()
    for _ in range(10):
        trainer.step()
    trainer.flush()
    state = trainer.state()
    probe.frame(trainer)
    for _ in range(20):
        trainer.step()
    trainer.flush()
    probe.frame(trainer)
    trainer.load(state)
    frame = probe.frame(trainer)
    assert frame.course["step"].tolist() == [10]


def test_games_of_other_players_are_left_alone(make_trainer):
    trainer = make_trainer()
    trainer.players["painter"] = trainer.players.pop("generator")
    frame = DoctorProbe().frame(trainer)
    assert frame.readings is None
    assert frame.findings == ()


# remedies


SICK = Readings(
    900, 900, 900, 9.0, loss_share=0.5, gradient_d=2.0, gradient_g=1.0, size=9.0, weights_d=0.1, weights_g=0.1,
    update_d=0.3, update_g=0.2, diversity=0.1, mismatch=0.5, travel=1.0, drift=1.0, modes=1.0, modes_real=8.0,
)  # fmt: skip


@pytest.mark.parametrize("name", list(files.presets()))
def test_for_every_preset_each_complaint_has_a_remedy_that_its_trainer_takes_and_gives_back(name):
    trainer = Trainer(change(files.preset(name), "batch_size", 8)[0])
    found = trainer.experiment
    patient = Patient(found, len(trainer.shapes.data) == 3, trainer.objective.probability)
    for complaint in COMPLAINTS:
        taken = [one for one in complaint.remedies([SICK] * 3, patient) if one and _allowed(trainer, found, one.edits)]
        assert taken or complaint.good, complaint.name
        for remedy in taken:
            before = [(path, value_at(found, path)) for path, _ in remedy.edits]
            for path, value in (*remedy.edits, *before):
                trainer.edit(path, value)
            assert [value_at(trainer.experiment, path) for path, _ in before] == [value for _, value in before]
