"""Scenes as files: what they may say, and how they complain."""

import pytest

from ganstudio.experiment import files, scenes
from ganstudio.experiment.errors import StudioError

HEAD = 'title = "A play"\ndescription = "Of two."\npreset = "ring-8"\nseed = 7\nsteps = 100\n'
FIRST = '[[beats]]\nat = 0\ncaption = "It begins."\n'


def complaint(text: str) -> str:
    with pytest.raises(StudioError) as caught:
        scenes.check_scene(scenes.loads(text, "play.toml"), "play.toml")
    return str(caught.value)


def test_a_scene_is_its_preset_but_for_what_it_sets():
    text = HEAD + 'panels = ["plane"]\n[set]\nbatch_size = 32\nplayers.generator.updates = 3\n' + FIRST
    scene = scenes.loads(text)
    found = scenes.check_scene(scene)
    assert (found.title, found.description, found.seed) == ("A play", "Of two.", 7)
    assert (found.batch_size, found.players["generator"].updates) == (32, 3)
    assert found.data == files.preset("ring-8").data
    assert scene.panels == ["plane"]


def test_edits_are_read_from_dotted_and_from_quoted_paths():
    beats = FIRST + "edits = { players.generator.updates = 0, 'game.params.order' = 'd-first', lr = 0.1 }\n"
    edits = scenes.loads(HEAD + beats).edits()
    assert edits == [(0, "players.generator.updates", 0), (0, "game.params.order", "d-first"), (0, "lr", 0.1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = [", "play.toml: this is not valid TOML"),
        (HEAD, "play.toml: beats: a scene has at least one beat"),
        (HEAD + "beats = 3\n", "play.toml: beats: write each beat as a table"),
        (HEAD + "beats = [3]\n", "play.toml: beat 1: must be a table"),
        (HEAD.replace("steps = 100\n", "") + FIRST, "play.toml: steps: is missing"),
        (HEAD + "pace = 3\n" + FIRST, "play.toml: pace: there is no such field"),
        (HEAD + "[[beats]]\nat = 0\n", "play.toml: beat 1.caption: is missing"),
        (HEAD + '[[beats]]\nat = -1\ncaption = "No."\n', "play.toml: beat 1.at: must be a whole number of at least 0"),
        (HEAD + '[[beats]]\nat = 5\ncaption = "Late."\n', "play.toml: beat 1.at: must be 0"),
        (HEAD + FIRST + FIRST, "play.toml: beat 2.at: must come after beat 1"),
        (HEAD + FIRST + '[[beats]]\nat = 100\ncaption = "Over."\n', "play.toml: beat 2.at: must be before the end"),
        (HEAD + FIRST + "pace = -1\n", "play.toml: beat 1.pace: must be"),
        (HEAD + FIRST + "pauze = true\n", "play.toml: beat 1.pauze: there is no such field"),
        (
            HEAD + FIRST + "edits = { lr = -1 }\n",
            "play.toml: beat 1: edits: players.generator.optimiser.lr: must",
        ),
        (HEAD + FIRST + "edits = { speed = 1 }\n", "play.toml: beat 1: edits: speed: there is no such field"),
        (HEAD + FIRST + "edits = { seed = 1 }\n", "play.toml: beat 1: edits: seed: takes effect on restart only"),
        (
            HEAD + "set = { batch_size = 0 }\n" + FIRST,
            "play.toml: set: batch_size: must be a whole number",
        ),
        (HEAD.replace("ring-8", "ring-9") + FIRST, "play.toml: there is no preset called 'ring-9'"),
        (HEAD + FIRST.replace("It begins.", "x" * 300), "play.toml: beat 1.caption: must have 1 to 240 letters"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_file_beat_and_field(text, said):
    assert complaint(text).startswith(said)


def test_an_edit_is_judged_by_those_before_it():
    """The noise has no width before it is uniform."""
    beats = FIRST + 'edits = { noise = "uniform" }\n'
    beats += '[[beats]]\nat = 10\ncaption = "On."\nedits = { noise.half_width = 0.5 }\n'
    scenes.check_scene(scenes.loads(HEAD + beats))
    assert "beat 1" in complaint(HEAD + FIRST + "edits = { noise.half_width = 0.5 }\n")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(StudioError, match="cannot be read"):
        scenes.find(str(tmp_path / "none.toml"))
    with pytest.raises(StudioError, match="there is no scene called 'none'; the scenes are"):
        scenes.find("none")


@pytest.mark.parametrize("name", scenes.scenes())
def test_shipped_scenes_can_be_played(name):
    scene, place = scenes.find(name)
    assert scenes.check_scene(scene, place).steps == 0  # the scene's own steps end it
    assert scene.description
    for beat in scene.beats:
        assert beat.caption.lstrip("(abcd) ")[0].isupper()
        assert beat.caption[-1] in ".?!"
