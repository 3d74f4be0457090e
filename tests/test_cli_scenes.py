"""Scenes on the command line: the same training as in the window, told in words."""

import json
from pathlib import Path

import pytest

from ganstudio import cli
from ganstudio.experiment import files, scenes
from ganstudio.runs.read import read_run
from ganstudio.training import worker
from ganstudio.training.trainer import Trainer

PLAY = """
title = "A play"
description = "Two beats."
preset = "ring-8"
seed = 3
steps = 12

[set]
batch_size = 8
players.generator.network.hidden = [8]
players.discriminator.network.hidden = [8]

[[beats]]
at = 0
caption = "It begins."
pause = true
pace = 1

[[beats]]
at = 5
caption = "D learns faster."
edits = { players.discriminator.optimiser.lr = 0.05, k = 2 }
"""


@pytest.fixture
def run(capsys, tmp_path):
    (tmp_path / "play.toml").write_text(PLAY)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def played(run, tmp_path):
    def played(*arguments: object) -> tuple[dict, str]:
        out = tmp_path / f"run {len(list(tmp_path.iterdir()))}"
        options = ("--threads", 1, "--json", "--out", out, *arguments)
        code, out, err = run("train", "--scene", tmp_path / "play.toml", *options)
        assert code == 0, err
        return json.loads(out), err

    return played


def by_hand(seed: int = 3, steps: int = 12) -> str:
    experiment = scenes.loads(PLAY).model_copy(update={"seed": seed}).experiment()
    trainer = Trainer(experiment, worker.device("auto"))
    for step in range(steps):
        if step == 5:
            trainer.edit("players.discriminator.optimiser.lr", 0.05)
            trainer.edit("k", 2)
        trainer.step()
    return trainer.weights_sha256()


def test_a_scene_is_the_same_each_time_and_as_edited_by_hand(played):
    first, err = played()
    assert first["steps"] == 12
    assert first["weights_sha256"] == by_hand()
    assert played()[0]["weights_sha256"] == by_hand()
    assert err.index("step 0 · It begins.") < err.index("step 5 · D learns faster.")


def test_the_captions_are_saved_with_the_run(played):
    report, _ = played()
    found = read_run(Path(report["out"]))
    said = [(event.step, event.sentence, event.data) for event in found.events if event.kind == "said"]
    assert said == [(0, "It begins.", {"beat": 0, "beats": 2}), (5, "D learns faster.", {"beat": 1, "beats": 2})]
    assert (found.experiment.title, found.experiment.seed) == ("A play", 3)


def test_steps_and_seed_are_the_commands(played):
    assert played("--seed", 8)[0]["weights_sha256"] == by_hand(seed=8)
    short, err = played("--steps", 4)
    assert (short["steps"], short["weights_sha256"]) == (4, by_hand(steps=4))
    assert "D learns faster" not in err
    assert played("--steps", 20)[0]["weights_sha256"] == by_hand(steps=20)


def test_a_scene_takes_settings_and_further_edits(played):
    assert played("--set", "k=3")[0]["weights_sha256"] != by_hand()
    assert played("--edit", "8:lr=0.5")[0]["weights_sha256"] != by_hand()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a preset"),
        (["ring-8", "--scene", "helvetica"], "not both"),
        (["--scene", "none"], "there is no scene called 'none'"),
        (["--scene", "none.toml"], "none.toml: cannot be read"),
        (["--scene", "helvetica", "--edit", "1:seed=2"], "takes effect on restart only"),
    ],
)
def test_bad_input_is_one_sentence(run, arguments, said):
    code, out, err = run("train", *arguments, "--steps", 3)
    assert code == cli.BAD_INPUT
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_a_bad_scene_names_file_beat_and_field(run, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(PLAY.replace("k = 2", "k = -2"))
    code, _, err = run("train", "--scene", path)
    assert code == cli.BAD_INPUT
    assert f"{path}: beat 2: edits: players.discriminator.updates: must be" in err


def test_the_scenes_are_listed(run):
    code, out, _ = run("scenes")
    assert code == 0
    listed = json.loads(run("scenes", "--json")[1])
    assert [one["name"] for one in listed] == list(scenes.scenes())
    for one in listed:
        assert f"{one['name']}: {one['title']}" in out
        assert one["description"]
    assert files.headline(scenes.scenes()["helvetica"])[0] == "Helvetica"


def test_a_scene_can_be_pictured(run, tmp_path):
    from PIL import Image

    out = tmp_path / "shot.png"
    play, size = tmp_path / "play.toml", "1280x720"
    code, _, err = run("screenshot", "--scene", play, "--steps", 6, "--size", size, "--out", out)
    assert code == 0, err
    with Image.open(out) as picture:
        assert picture.size == (1280, 720)
