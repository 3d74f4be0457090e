"""What is marked on the timeline, and what a mark says."""

from pathlib import Path

from PySide6.QtCore import QPointF, Qt

from ganstudio.metrics.doctor.rest import Equilibrium
from ganstudio.runs.store import Checkpoint
from ganstudio.training.events import Event
from ganstudio.ui.timeline_marks import MOST_LINES, Mark, clusters, follow, saved
from ganstudio.ui.widgets.timeline import GROOVE, GROOVE_TOP, PAD, Track


def edited(step: int, new: float) -> Event:
    return Event("edited", step, "", {"path": "players.generator.optimiser.params.lr", "old": 0.1, "new": new})


def marks_of(*events: Event) -> list[Mark]:
    marks: list[Mark] = []
    for event in events:
        marks = follow(marks, event)
    return marks


def test_what_happens_is_marked_at_its_step():
    marks = marks_of(
        Event("started", 0),
        edited(5, 0.2),
        Event("saved", 6, "Saved."),
        Event("warned", 7, "The disk is full."),
        Event("failed", 8, "NaN."),
        Event("noted", 8, "Look."),
        Event("paused", 9),
    )
    assert [(mark.kind, mark.step) for mark in marks] == [("edit", 5), ("warning", 7), ("failure", 8), ("note", 8)]
    assert marks[0].sentence == "G lr 0.1 → 0.2"


def test_the_equilibrium_is_no_warning():
    found = [
        Event("diagnosed", step, name, {"complaint": name}) for step, name in ((3, "collapse"), (9, "equilibrium"))
    ]
    assert [mark.kind for mark in marks_of(*found)] == ["warning", "note"]
    assert Equilibrium.name == found[1].data["complaint"]


def test_checkpoints_are_marked_with_their_reason():
    marks = saved([Checkpoint(0, 7, Path("x"), 1, 0.0, "pause")])
    assert marks == [Mark("save", 7, "Checkpoint, at a pause")]


def test_another_lineage_brings_its_marks_and_takes_the_others_away():
    earlier = [Event("opened", 0), edited(3, 0.3), Event("warned", 4, "Careful.")]
    found = [("edit", 3), ("warning", 4)]
    opened = marks_of(edited(90, 0.2), Event("opened", 4, "Ready.", {"earlier": earlier}))
    assert [(mark.kind, mark.step) for mark in opened] == found
    rewound = marks_of(edited(3, 0.2), edited(9, 0.3), Event("rewound", 6, "Back.", {"earlier": earlier}))
    assert [(mark.kind, mark.step) for mark in rewound] == [*found, ("branch", 6)]


def test_going_back_keeps_the_edits_that_stay_in_force():
    restored = marks_of(edited(3, 0.2), edited(9, 0.3), Event("restored", 6, "Back."))
    assert [(mark.kind, mark.step) for mark in restored] == [("edit", 3), ("edit", 6), ("branch", 6)]


def test_crowded_marks_are_one_and_tell_of_all():
    marks = [Mark("edit", step, f"edit {step}") for step in range(0, 30, 2)] + [Mark("failure", 7, "NaN")]
    found = clusters([*marks, Mark("edit", 500, "far")], float, 40)
    assert [len(one.marks) for one in found] == [16, 1]
    assert found[0].chief.kind == "failure"
    lines = found[0].words().splitlines()
    assert len(lines) == MOST_LINES
    assert lines[0] == "Step 0: edit 0"
    assert lines[-1] == "… and 8 more"
    assert found[1].words() == "Step 500: far"


def track(qtbot) -> Track:
    track = Track()
    qtbot.addWidget(track)
    track.resize(500 + 2 * PAD, track.height())
    track.show_run(1000, None, [0, 10, 500])
    saved, noted = Mark("save", 400, "Saved."), Mark("note", 404, "Look here.")
    track.show_marks([saved, noted, Mark("edit", 408, "k 1 → 2"), Mark("branch", 900, "Fork.")])
    return track


def test_a_mark_tells_and_leads_to_its_step(qtbot):
    shown, asked = track(qtbot), []
    shown.asked.connect(asked.append)
    above, below = 5, GROOVE_TOP + GROOVE + 4
    x = shown.place(404)
    assert shown.told_at(QPointF(x, above)) == "Step 404: Look here.\nStep 408: k 1 → 2"
    assert shown.told_at(QPointF(x, below)) == "Step 400: Saved."
    assert shown.told_at(QPointF(shown.place(700), above)) == "step 700"
    for y in (above, below):
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPointF(shown.place(600), 20).toPoint())
    assert asked == [404, 400, 600]


def test_every_key_of_the_track_asks_for_something(qtbot):
    shown, wanted = track(qtbot), []
    shown.wanted.connect(wanted.append)
    for key in ["Left", "Right", "Up", "Down", "Home", "End"]:
        qtbot.keyClick(shown, getattr(Qt.Key, f"Key_{key}"))
    assert wanted == ["step-back", "step-forward", "previous-mark", "next-mark", "first", "live"]


def test_an_empty_track_says_what_will_be_there(qtbot):
    shown = Track()
    qtbot.addWidget(shown)
    shown.empty = "Nothing yet."
    assert shown.told_at(QPointF(5, 5)) == "Nothing yet."
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    shown.grab()


def test_it_shows_where_frames_are_kept_and_where_the_window_looks(qtbot):
    shown = track(qtbot)
    shown.show_marks([])

    def columns() -> list[int]:
        image = shown.grab().toImage()
        y = GROOVE_TOP + GROOVE // 2
        ground = image.pixel(PAD + 333, y)
        return [x - PAD for x in range(PAD + 2, PAD + 480) if image.pixel(x, y) != ground]

    kept = columns()
    assert 5 in kept  # step 10
    assert 250 in kept  # step 500
    assert len(kept) <= 6
    shown.show_position(200)
    assert set(range(97, 104)) <= set(columns())
