"""A scene as commands: the hand's own, at the hand's own steps."""

from ganstudio.experiment.scenes import Scene
from ganstudio.training.commands import Edit, Forget, Open, Pace, Pause, Say, Train
from ganstudio.training.script import script
from ganstudio.training.valves import Valves

SCENE = Scene(
    title="A play",
    preset="ring-8",
    steps=90,
    beats=[
        {"at": 0, "caption": "One.", "edits": {"lr": 0.1, "k": 2}, "pace": 5},
        {"at": 30, "caption": "Two.", "pause": True},
        {"at": 60, "caption": "Three.", "edits": {"lr": 0.2}, "pace": 0},
    ],
)


def said(index: int) -> Say:
    beat = SCENE.beats[index]
    return Say(at=beat.at, caption=beat.caption, beat=index, beats=3)


def test_played_without_a_speaker_it_edits_and_speaks():
    assert script(SCENE, wait=False) == [
        Edit(at=0, path="lr", value=0.1),
        Edit(at=0, path="k", value=2),
        said(0),
        said(1),
        Edit(at=60, path="lr", value=0.2),
        said(2),
    ]


def test_with_a_speaker_it_waits_and_has_its_pace():
    steps = [(one.at, type(one).__name__) for one in script(SCENE)]
    assert steps == [
        (0, "Edit"), (0, "Edit"), (0, "Say"), (0, "Pace"), (0, "Pause"),
        (30, "Say"), (30, "Pause"),
        (60, "Edit"), (60, "Say"), (60, "Pace"),
        (90, "Pause"),
    ]  # fmt: skip


def test_on_the_way_to_a_beat_it_neither_waits_nor_lingers():
    commands = script(SCENE, until=2)
    before = [one for one in commands if one.at is not None and one.at < 60]
    assert [one for one in before if isinstance(one, Pace | Pause)] == [Pace(at=0, steps_per_s=0.0)]
    assert Pause(at=60) in commands
    there = script(SCENE, until=1)
    assert Pace(at=30, steps_per_s=5) in there  # the pace of the beat before goes on from there
    for until in range(3):
        edits = [one for one in script(SCENE, until=until) if isinstance(one, Edit)]
        assert edits == [one for one in script(SCENE) if isinstance(one, Edit)]


def test_what_is_forgotten_never_acts():
    valves = Valves()
    for command in (Train(), *script(SCENE), Forget(), Pause()):
        valves.post(command)
    followed = []
    while (command := valves.next_command(10)) is not None:
        followed.append(command)
    assert [one for one in followed if one.at is not None and one.at > 10] == []
    assert followed[-2:] == [Forget(), Pause()]
    assert valves.idle


def test_opening_anew_forgets_too():
    valves = Valves()
    valves.post(Edit(at=50, path="lr", value=1))
    valves.post(Open())
    assert isinstance(valves.next_command(0), Open)
    assert valves.idle
