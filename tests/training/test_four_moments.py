"""The four moments of figure 1: each brings about what it says, on a real session, and leaves every k as it was."""

from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from ganstudio.experiment.experiment import Experiment, parse
from ganstudio.probes.density import DensityProbe
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training import four_moments
from ganstudio.training.commands import Edit, Open, Pause, Train
from ganstudio.training.events import Event
from ganstudio.training.four_moments import FourMoments
from ganstudio.training.session import Session
from ganstudio.training.trainer import Trainer

K_OF_G, K_OF_D = "players.generator.updates", "players.discriminator.updates"


def small(**changes) -> Experiment:
    """A pair on one bell curve, small and quick to learn."""

    def player(role, lr):
        network = {"kind": f"mlp-{role}", "params": {"hidden": [16], "activation": "tanh"}}
        return {"network": network, "optimiser": {"kind": "adam", "params": {"lr": lr, "beta1": 0.5}}}

    values = {
        "title": "One bell",
        "seed": 1,
        "data": {"kind": "normal", "params": {"mean": 0.5, "sigma": 0.6}},
        "noise": {"kind": "normal", "params": {"dim": 1}},
        "batch_size": 128,
        "players": {"generator": player("generator", 2e-3), "discriminator": player("discriminator", 1e-2)},
    }
    return parse(values | changes)


class Stand:
    """A session with its four moments, without a window."""

    def __init__(self) -> None:
        probes = {"density": DensityProbe, "generator": GeneratorProbe}
        self.session = Session(probes=lambda: probes, device="cpu", threads=1).start()
        self.said: list[str] = []
        self.moments = FourMoments(self.session, self.said.append)
        self.events: list[Event] = []

    def open(self, experiment: Experiment) -> None:
        self.session.post(Open(experiment=experiment))
        self.settle()
        self.events.clear()
        self.said.clear()

    def turn(self) -> None:
        for event in self.session.events():
            self.events.append(event)
            self.moments.take_event(event)
        self.moments.look()
        sleep(0.002)

    def until(self, reached, seconds: float = 30) -> None:
        end = monotonic() + seconds
        while not reached():
            assert monotonic() < end, f"waited in vain: {self.moments.stage}, {self.session.status}"
            self.turn()

    def settle(self) -> None:
        """Until no moment is on its way, all commands are followed and all events heard."""
        quiet = 0
        while quiet < 3:
            count = len(self.events)
            self.until(lambda: not self.moments.goal and self.session.idle)
            self.turn()
            busy = len(self.events) > count or self.session.status.phase in ("loading", "opening")
            quiet = 0 if busy else quiet + 1

    def weights(self) -> dict[str, bytes]:
        mailbox = self.session.subscribe("generator", live=True)
        self.session.wake()
        found = []
        self.until(lambda: bool(found) or bool(found.append(one) if (one := mailbox.take()) else None))
        self.session.unsubscribe(mailbox)
        return {name: array.tobytes() for name, array in found[0].weights.items()}

    def figure(self):
        mailbox = self.session.subscribe("density")
        self.session.wake()
        found = []
        self.until(lambda: bool(found) or bool(found.append(one) if (one := mailbox.take()) else None))
        self.session.unsubscribe(mailbox)
        return found[0].figure

    def k(self) -> tuple[int, int]:
        players = self.session.experiment.players
        return players["generator"].updates, players["discriminator"].updates

    def edits(self) -> list[tuple[str, int, int]]:
        return [(e.data["path"], e.data["old"], e.data["new"]) for e in self.events if e.kind == "edited"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    stand = Stand()
    yield stand
    assert stand.session.close()


@pytest.fixture
def stand(shared) -> Stand:
    shared.open(small())
    return shared


def test_d_reaches_its_optimum_and_g_does_not_move(stand, monkeypatch):
    tolerance = 0.03
    monkeypatch.setattr(four_moments, "TOLERANCE", tolerance)
    stand.session.post(Train())
    stand.session.post(Pause(at=150))
    stand.until(lambda: stand.session.status.phase == "paused")
    stand.session.post(Edit(path=K_OF_G, value=2))
    stand.settle()
    before, far = stand.weights(), stand.figure()
    assert far.value_at_best - far.value > 3 * tolerance
    stand.events.clear()
    stand.moments.to_optimum()
    stand.settle()
    near = stand.figure()
    assert near.value_at_best - near.value < tolerance
    assert stand.weights() == before
    assert stand.k() == (2, 1)
    assert stand.edits() == [(K_OF_G, 2, 0), (K_OF_G, 0, 2)]
    assert stand.session.status.phase == "paused"
    assert stand.said[-1].startswith("D is at its optimum")


def test_it_begins_as_well_while_the_run_goes_on(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 1.0)
    stand.session.post(Train())
    stand.until(lambda: stand.session.status.step > 3)
    stand.moments.to_optimum()
    stand.settle()
    assert stand.said[-1].startswith("D is at its optimum")
    assert stand.session.status.phase == "paused"
    assert stand.k() == (1, 1)


def test_one_step_of_g_moves_g_alone(stand):
    stand.session.post(Edit(path=K_OF_D, value=3))
    stand.session.post(Train())
    stand.until(lambda: stand.session.status.step > 3)
    stand.session.post(Pause())
    stand.settle()
    steps, before = stand.session.status.step, stand.weights()
    d_before = stand.figure().score.tobytes()
    x_before = stand.figure().x.tobytes()
    stand.moments.move_generator()
    stand.settle()
    assert stand.weights() != before
    assert stand.figure().x.tobytes() == x_before
    assert stand.figure().score.tobytes() == d_before
    assert stand.session.status.step == steps + 1
    assert stand.k() == (1, 3)
    assert stand.said == ["G has made its step; D has not moved."]


def test_the_equilibrium_is_reached(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.03)
    stand.moments.to_equilibrium()
    stand.settle()
    assert stand.said[-1].startswith("At the equilibrium")
    assert stand.figure().jsd < 0.03
    assert not stand.edits()
    assert stand.session.status.phase == "paused"


def test_it_gives_up_after_so_many_updates(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    monkeypatch.setattr(four_moments, "MOST_UPDATES", 40)
    stand.moments.to_optimum()
    assert stand.moments.progress is not None
    assert stand.moments.progress.most == 40
    stand.settle()
    assert "short of its optimum" in stand.said[-1]
    assert stand.session.status.step >= 40
    assert stand.k() == (1, 1)


def test_a_d_that_stalls_is_left_at_rest(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    monkeypatch.setattr(four_moments, "PATIENCE", 30)
    stand.session.post(Edit(path="players.discriminator.optimiser.lr", value=1e-7))
    stand.moments.to_optimum()
    stand.settle()
    assert "short of its optimum" in stand.said[-1]
    assert stand.session.status.step < 1000
    assert stand.k() == (1, 1)


def test_what_holds_d_back_is_off_meanwhile_but_for_smoothed_labels(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "MOST_UPDATES", 20)
    changes = {"r1": 50.0, "weight_clipping": 0.5, "label_smoothing": 0.9}
    for path, value in changes.items():
        stand.session.post(Edit(path=path, value=value))
    stand.settle()
    before = stand.session.experiment
    stand.events.clear()
    stand.moments.to_optimum()
    stand.settle()
    assert "R1 penalty and Weight clipping off meanwhile" in stand.said[-1]
    assert stand.session.experiment == before
    fields = ["players.generator.updates", "regularisers.r1.gamma", "constraints.weight-clipping.limit"]
    assert [path for path, _, _ in stand.edits()] == fields * 2
    assert [new for _, _, new in stand.edits()] == [0, 0, 0, 1, 50, 0.5]


@pytest.mark.parametrize("after", [0, 5])
def test_cancelled_it_rests_with_every_k_as_it_was(stand, monkeypatch, after):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    stand.moments.to_optimum()
    stand.until(lambda: stand.session.status.step >= after)
    stand.moments.cancel()
    stand.settle()
    assert stand.said == ["Cancelled."]
    assert stand.k() == (1, 1)
    assert stand.session.status.phase in ("ready", "paused")


def test_a_pause_by_hand_ends_it(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    stand.moments.to_optimum()
    stand.until(lambda: stand.session.status.step > 3)
    stand.session.post(Pause())
    stand.settle()
    assert stand.said == ["Paused before it was reached."]
    assert stand.k() == (1, 1)


def test_what_was_done_just_before_does_not_disturb_it(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "MOST_UPDATES", 20)
    stand.session.post(Train())
    stand.until(lambda: stand.session.status.step > 3)
    stand.session.post(Edit(path=K_OF_G, value=2))
    stand.session.post(Pause())
    stand.moments.to_optimum()
    stand.settle()
    assert "its optimum" in stand.said[-1]
    assert stand.k() == (2, 1)


def test_a_failure_ends_it_and_puts_k_back(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    stand.moments.to_optimum()
    stand.until(lambda: stand.session.status.step > 3)

    def broken(trainer: Trainer) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Trainer, "step", broken)
    stand.settle()
    assert any(event.kind == "failed" for event in stand.events)
    assert stand.said == ["Training has failed."]
    assert stand.k() == (1, 1)


def test_who_sets_k_meanwhile_has_the_last_word(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    stand.moments.to_optimum()
    stand.until(lambda: stand.session.status.step > 3)
    stand.session.post(Edit(path=K_OF_G, value=4))
    stand.settle()
    assert stand.k() == (4, 1)
    assert stand.session.status.phase == "paused"


def test_another_run_ends_it(stand, monkeypatch):
    monkeypatch.setattr(four_moments, "TOLERANCE", 0.0)
    stand.moments.to_optimum()
    stand.until(lambda: stand.session.status.step > 3)
    stand.session.post(Open(experiment=small(seed=3)))
    stand.settle()
    assert stand.k() == (1, 1)
    assert stand.session.status.phase == "ready"


def test_players_that_move_at_once_cannot_be_told_apart(stand):
    stand.open(small(game={"kind": "gan", "params": {"order": "simultaneous"}}))
    stand.moments.to_optimum()
    stand.settle()
    assert "k = 1 for each player" in stand.said[-1]
    assert stand.k() == (1, 1)
    assert stand.session.status.step == 0


def test_a_critic_has_no_optimum_to_be_led_to(stand):
    stand.open(small(objective={"kind": "wasserstein"}))
    stand.moments.to_optimum()
    stand.settle()
    assert "gives a probability" in stand.said[-1]
    assert stand.k() == (1, 1)


def test_a_player_without_updates_is_named(stand):
    stand.session.post(Edit(path=K_OF_D, value=0))
    stand.settle()
    stand.moments.to_optimum()
    assert "discriminator makes no updates" in stand.said[-1]
    assert not stand.moments.goal
