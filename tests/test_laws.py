"""The studio's laws, on every preset that ships: watching, saving, exploring and going on change nothing of a run."""

import inspect
import json
import time
from pathlib import Path

import pytest
import torch

from ganstudio import cli
from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.latent.explorer import Explorer
from ganstudio.latent.principal import FindDirections
from ganstudio.latent.requests import Draw
from ganstudio.latent.workbench import Workbench
from ganstudio.probes.all import all_probes
from ganstudio.runs.compose import new_session
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.training import worker
from ganstudio.training.commands import Edit, Open, Pause, Save, Train
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer

PRESETS = list(files.presets())
BATCH, STEPS = 16, 7
EDITS = ((2, "lr", 0.0003), (3, "batch_size", 12), (3, "k", 2), (5, "ema", 0.1))


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def trained(capsys, preset: str, out: Path, *arguments: str) -> dict:
    """What ``ganstudio train`` reports of a preset with small batches."""
    common = ["--steps", str(STEPS), "--set", f"batch_size={BATCH}", "--threads", "1", "--json", "--out", str(out)]
    assert cli.main(["train", preset, *common, *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def small(preset: str) -> Experiment:
    """The same experiment as ``trained`` makes of a preset."""
    experiment, _ = change(files.preset(preset), "batch_size", BATCH)
    return change(experiment, "steps", STEPS)[0]


def stepped(trainer: Trainer, steps: int, edits: tuple = ()) -> Trainer:
    """A trainer after so many further steps, with edits after the steps they name."""
    for _ in range(steps):
        for at, path, value in edits:
            if at == trainer.steps:
                trainer.edit(path, value)
        trainer.step()
    trainer.flush()
    return trainer


def editable(preset: str) -> tuple:
    """The edits that the preset's game admits."""
    simultaneous = files.preset(preset).game.params.get("order") == "simultaneous"
    return tuple(edit for edit in EDITS if not (simultaneous and edit[1] == "k"))


@pytest.mark.parametrize("preset", PRESETS)
def test_watching_changes_nothing(capsys, tmp_path, preset):
    alone = trained(capsys, preset, tmp_path / "alone")
    watched = trained(capsys, preset, tmp_path / "watched", "--watch")
    assert watched["weights_sha256"] == alone["weights_sha256"]
    assert watched["frames"].keys() == all_probes().keys()
    assert min(watched["frames"].values()) >= 1


@pytest.mark.parametrize("preset", PRESETS)
def test_an_edit_on_the_command_line_is_an_edit_by_hand(capsys, tmp_path, preset):
    edits = editable(preset)
    typed = [part for at, path, value in edits for part in ("--edit", f"{at}:{path}={value}")]
    report = trained(capsys, preset, tmp_path / "run", "--watch", *typed)
    by_hand = stepped(Trainer(small(preset), worker.device("auto")), STEPS, edits)
    assert report["weights_sha256"] == by_hand.weights_sha256()
    assert report["losses"]["generator"] == by_hand.history.latest("loss.generator")
    assert read_run(tmp_path / "run").experiment == by_hand.experiment


@pytest.mark.parametrize("preset", PRESETS)
def test_resumed_is_uninterrupted_in_memory_and_from_disk(tmp_path, preset):
    edits = editable(preset)
    through = stepped(Trainer(small(preset)), STEPS)
    first = stepped(Trainer(small(preset)), 4)
    again = Trainer(small(preset))
    again.load(first.state())
    RunKeeper(tmp_path / "run").checkpoint(first, [], "asked", wait=True)
    reopened = Trainer(read_run(tmp_path / "run").experiment)
    restore(tmp_path / "run", reopened)
    for one in (again, reopened):
        assert stepped(one, STEPS - 4).weights_sha256() == through.weights_sha256()
    # Rewinding and going another way, then the first way again.
    again.load(first.state())
    assert stepped(again, STEPS - 4, edits).weights_sha256() != through.weights_sha256()


def everything_on(probe: type) -> dict:
    """A probe's options with every switch on."""
    options = inspect.signature(getattr(probe, "look", probe.frame)).parameters.values()
    return {option.name: True for option in options if option.annotation in (bool, "bool")}


def waited(session: Session, kind: str) -> None:
    deadline = time.monotonic() + 60
    while not any(event.kind == kind for event in session.events()):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def explored(experiment: Experiment, out: Path, device: str = "cpu") -> tuple[str, int, int]:
    """A run that is watched, explored, paused and saved in every way: (fingerprint, frames taken, answers)."""
    session = new_session(device=device, threads=1, out=out)
    explorer, workbench = Explorer(session, lambda: None), Workbench(session, lambda: None)
    mailboxes = [session.subscribe(name, **everything_on(probe)) for name, probe in all_probes().items()]
    for command in (Open(experiment=experiment), Save(at=3), Pause(at=5), Train()):
        session.post(command)
    session.start()
    workbench.ask(FindDirections(2, samples=2000))
    answers, running, deadline = 0, True, time.monotonic() + 60
    while running or not answers or not all(mailbox.taken for mailbox in mailboxes):
        assert time.monotonic() < deadline
        session.hand_moves(True)
        explorer.ask(Draw(4))
        for mailbox in mailboxes:
            mailbox.take()
        answers += len(explorer.take())
        kinds = [event.kind for event in session.events()]
        if "paused" in kinds:
            session.post(Train())
        running = running and "finished" not in kinds
        session.hand_moves(False)
        if any(answer.share == 1 for answer in workbench.take()):
            workbench.ask(FindDirections(2, samples=2000))
        time.sleep(0.002)
    assert explorer.close()
    assert workbench.close()
    assert session.close()
    return session.weights_sha256(), min(mailbox.taken for mailbox in mailboxes), answers


@pytest.mark.parametrize("preset", ["dcgan-mnist", "mlp-mnist", "hinge-sn-faces", "ring-8"])
def test_exploring_changes_nothing(tmp_path, preset):
    fingerprint, frames, answers = explored(small(preset), tmp_path / "run")
    assert fingerprint == stepped(Trainer(small(preset)), STEPS).weights_sha256()
    assert frames >= 1
    assert answers >= 1


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("preset", PRESETS)
def test_watching_changes_nothing_on_cuda(tmp_path, preset):
    fingerprint, frames, _ = explored(small(preset), tmp_path / "run", "cuda")
    assert fingerprint == stepped(Trainer(small(preset), "cuda"), STEPS).weights_sha256()
    assert frames >= 1


def test_the_order_of_edits_at_one_step_is_the_order_they_were_given(tmp_path):
    session = new_session(threads=1, out=tmp_path / "run").start()
    for command in (
        Open(experiment=small("dcgan-mnist")),
        Edit(at=1, path="lr", value=0.1),
        Edit(at=1, path="lr", value=0.2),
    ):
        session.post(command)
    session.post(Train())
    waited(session, "finished")
    assert session.close()
    assert read_run(tmp_path / "run").experiment.players["generator"].optimiser.params["lr"] == 0.2
