"""Valve 3: the latest wins, made only on demand, and nothing that was asked for is forgotten."""

from dataclasses import dataclass

from ganstudio.training.mailbox import Frame, Mailbox


@dataclass(frozen=True)
class Part(Frame):
    """A frame that is not all there."""

    @property
    def complete(self) -> bool:
        return False


def test_made_once_taken_once():
    mailbox = Mailbox("any", {})
    assert mailbox.wanted(1)
    mailbox.put(Frame(1, "main"), 1)
    assert not mailbox.wanted(2)
    assert mailbox.take() == Frame(1, "main")
    assert mailbox.take() is None
    assert (mailbox.wanted(1), mailbox.wanted(2), mailbox.taken) == (False, True, 1)


def test_an_incomplete_frame_is_followed_by_another_though_nothing_moves():
    mailbox = Mailbox("any", {})
    mailbox.put(Part(1, "main"), 1)
    assert not mailbox.wanted(1)
    mailbox.take()
    assert mailbox.wanted(1)


def test_new_options_ask_again():
    mailbox = Mailbox("any", {})
    mailbox.put(Frame(1, "main"), 1)
    mailbox.take()
    mailbox.options = {"view": "logit"}
    assert mailbox.wanted(1)
    assert mailbox.options == {"view": "logit"}


def test_options_that_come_while_a_frame_is_made_are_not_forgotten():
    mailbox = Mailbox("any", {"page": 1})
    assert mailbox.wanted(1)
    assert mailbox.options == {"page": 1}  # the worker begins with these
    mailbox.options = {"page": 2}
    mailbox.put(Frame(1, "main"), 1)
    mailbox.take()
    assert mailbox.wanted(1)


def test_a_subscriber_that_sleeps_is_woken_by_a_frame_and_by_a_failure():
    mailbox = Mailbox("any", {})
    woken = []
    mailbox.arrived = lambda: woken.append(mailbox.failed)
    mailbox.put(Frame(1, "main"), 1)
    mailbox.fail("the any probe failed")
    assert woken == ["", "the any probe failed"]
    assert mailbox.take() == Frame(1, "main"), "what came before can still be taken"
