"""Playing keeps time: 30 frames a second by the clock, round and round, back and forth or once; never a blank frame."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ganstudio.latent.requests import Answer, Asked, Prior
from ganstudio.ui.sample_feed import SampleFeed, Wants
from ganstudio.ui.widgets import walk_player
from ganstudio.ui.widgets.controls import select
from ganstudio.ui.widgets.walk_player import BACK, LOOP, ONCE, WalkPlayer, later


def test_what_comes_after_a_frame_depends_on_the_end():
    def walk(mode, frames):
        here, way, found = 0, 1, [0]
        for _ in range(frames):
            here, way = later(here, 1, 4, mode, way or 1)
            found.append(here)
            if not way:
                break
        return found

    assert walk(LOOP, 6) == [0, 1, 2, 3, 0, 1, 2]
    assert walk(BACK, 8) == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert walk(ONCE, 8) == [0, 1, 2, 3]
    assert later(1, 9, 4, LOOP, 1)[0] == 2
    assert later(2, 3, 4, BACK, 1) == (1, -1)
    assert later(0, 5, 1, BACK, 1) == (0, 1)


class Clock:
    now = 100.0


@pytest.fixture
def playing(qtbot, monkeypatch):
    """A player of 10 frames by a clock that the test turns; frames below ``there`` are in memory."""
    monkeypatch.setattr(walk_player, "perf_counter", lambda: Clock.now)
    owner = QWidget()
    qtbot.addWidget(owner)
    shown: list[int] = []
    player = WalkPlayer(owner, lambda frame: frame < player.there, shown.append)
    player.setParent(owner)
    player.bar.setParent(owner)
    player.there, player.owner = 10, owner
    player.set_enabled(True)
    player.show_walk(10, 5)
    player.start()
    player._timer.stop()

    def tick(seconds: float) -> None:
        Clock.now += seconds
        player._tick()
        player._timer.stop()

    return player, tick


def test_frames_come_by_the_clock_and_those_it_is_too_late_for_are_skipped(playing):
    player, tick = playing
    tick(1 / 30)
    assert player.position == 1
    tick(3.1 / 30)
    assert (player.position, player.skipped) == (4, 2)
    tick(0.9 / 30)
    assert (player.position, player.skipped) == (5, 2)


def test_a_frame_that_is_not_there_is_waited_for(playing):
    player, tick = playing
    player.there = 1
    tick(1 / 30)
    assert (player.position, player.waited) == (0, 1)
    player.there = 10
    tick(1 / 30)
    assert (player.position, player.waited, player.skipped) == (1, 1, 0)


def test_a_walk_that_is_played_once_stays_at_its_end_and_begins_anew(playing):
    player, tick = playing
    select(player.mode, ONCE)
    tick(20 / 30)
    assert (player.position, player.playing) == (9, False)
    player.toggle()
    assert (player.position, player.playing) == (0, True)
    assert player.ahead(4) == [0, 1, 2, 3]
    player.pause()
    assert player.ahead(4) == [0]


class FakeExplorer(QObject):
    """Remembers what it is asked, and answers when the test says so."""

    answered, reopened = Signal(), Signal()

    def __init__(self):
        super().__init__()
        self.asked: list[tuple] = []
        self.answers: dict[str, list[Answer]] = {}

    def ask(self, request, client):
        self.asked.append((client, request))
        return len(self.asked)

    def follow(self, client, following):
        pass

    def take(self, client):
        return self.answers.pop(client, [])

    def answer(self, step: int) -> None:
        client, request = self.asked[-1]
        asked = Asked(client, len(self.asked), request)
        value = request.inputs[:, :2]
        self.answers[client] = [Answer(asked, value, step, "main", False, Prior(2, 1.0, 9.0))]
        self.answered.emit()


def test_samples_are_asked_for_in_the_order_of_need_one_request_at_a_time(qtbot):
    explorer = FakeExplorer()
    wants = Wants(soon=[3], shown=[0, 5], later=range(40))
    feed = SampleFeed(explorer, "test", lambda: wants, lambda keys: np.float32([[key, 0] for key in keys]))
    feed.go_on()
    assert not explorer.asked  # nobody looks

    def last():
        return explorer.asked[-1][1].inputs[:, 0].tolist()

    feed.set_active(True)
    feed.go_on()
    assert (len(explorer.asked), last()) == (1, [3])
    explorer.answer(step=1)
    assert last() == [0, 5]
    explorer.answer(step=1)
    assert len(last()) >= 8
    assert last()[:3] == [1, 2, 4]
    while feed.cache.missing(range(40)):
        explorer.answer(step=1)
    asked = len(explorer.asked)
    explorer.answered.emit()
    assert len(explorer.asked) == asked  # all is there
    feed.watch(3)
    explorer.answer(step=2)  # G has moved on: what is about to be shown first
    assert last() == [3] or last() == [0, 5]
    assert feed.cache.get(7).tolist() == [7, 0]  # the others stay until their successors come
    explorer.reopened.emit()
    assert len(feed.cache) == 0
