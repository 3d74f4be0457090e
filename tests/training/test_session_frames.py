"""The session's frames: newest first, nothing for nobody, and a broken probe harms no training."""

import time

from told import Looking, Seen, small

from ganstudio.training.commands import Open, Pause, Train


def test_a_subscriber_sees_the_newest_state_once(told):
    mailbox = told.session.subscribe("looking", colour="red")
    told.session.start()
    told.post(Open(experiment=small()), Train(), Pause(at=3))
    told.event("paused")
    frames = []
    told.until(lambda: frames.append(mailbox.take()) or (frames[-1] and frames[-1].step == 3))
    assert frames[-1].options == {"colour": "red"}
    time.sleep(0.15)
    assert mailbox.take() is None
    mailbox.options = {"colour": "blue"}
    told.session.wake()
    told.until(lambda: frames.append(mailbox.take()) or frames[-1])
    assert frames[-1].options == {"colour": "blue"}


def test_nobody_looking_costs_nothing(running, monkeypatch):
    made = []
    monkeypatch.setattr(Looking, "frame", lambda self, trainer, **_: made.append(1) or Seen(0, "main", {}))
    mailbox = running.session.subscribe("looking")
    running.until(lambda: made)
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 10)
    assert len(made) == 1
    running.session.unsubscribe(mailbox)
    mailbox.take()
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 10)
    assert len(made) == 1


def test_a_broken_probe_rests_and_training_goes_on(running):
    running.session.subscribe("looking", broken=True)
    running.session.subscribe("no such probe")
    assert "looking" in running.event("warned").sentence
    assert "no such probe" in running.event("warned", 2).sentence
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step + 5)
    assert len(running.all("warned")) == 2
