"""The explorer: the latest request wins, the final one arrives, nothing stale does, and training notices nothing."""

import threading
from time import sleep

import numpy as np
import pytest
import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.replica import Replica
from ganstudio.latent.requests import Draw, Render
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training import worker
from ganstudio.training.commands import Edit, Pause, Step, Train
from ganstudio.training.trainer import Trainer


def random_inputs(count: int, seed: int = 0, dim: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)


def test_a_request_is_answered_with_the_state_that_gave_it(explored, small):
    one = explored()
    one.open(small())
    z = random_inputs(2)
    answer = one.ask(Render(z))
    assert answer.asked.request.inputs.tobytes() == z.tobytes()
    assert answer.value.shape == (2, 3, 32, 32)
    assert (answer.step, answer.trainer, answer.live, answer.error) == (0, "main", False, "")
    assert (answer.prior.dim, answer.prior.std) == (64, 1.0)


def test_requests_made_before_there_is_a_generator_wait_for_it(explored, small):
    one = explored()
    one.explorer.ask(Draw(0, 3))
    sleep(0.1)
    assert not one.explorer.take()
    one.open(small())
    assert one.ask(Draw(0, 3)).value.shape == (3, 64)


def test_of_a_flood_the_final_request_is_answered_and_most_are_skipped(explored, small):
    one = explored()
    one.open(small())
    one.ask(Draw(0))
    one.session.post(Train())
    floods = 3
    for flood in range(floods):
        numbers = [one.explorer.ask(Render(random_inputs(1, seed))) for seed in range(500)]
        final = one.answer(numbers[-1])
        np.testing.assert_array_equal(final.asked.request.inputs, random_inputs(1, 499))
        one.explorer.ask(Draw(0))
        assert one.ask(Draw(flood, 3)).value.shape == (3, 64), f"flood {flood}"
    rendered = [answer.asked.number for answer in one.answers if isinstance(answer.asked.request, Render)]
    assert rendered == sorted(rendered), "never an older answer after a newer one"
    assert len(rendered) < 500 * floods / 2


def test_the_signal_is_given_once_until_somebody_takes(explored, small):
    one = explored()
    one.open(small())
    one.ask(Draw(0))
    one.calls = 0
    for seed in range(5):
        one.explorer.ask(Render(random_inputs(1, seed)), client="silent")
        sleep(0.02)
    assert one.calls == 1
    one.explorer.take("silent")
    one.explorer.ask(Render(random_inputs(1)), client="silent")
    one.until(lambda: one.calls == 2)


def test_clients_do_not_overwrite_each_other(explored, small):
    one = explored()
    one.open(small())
    first = one.explorer.ask(Render(random_inputs(1)), client="first")
    second = one.explorer.ask(Render(random_inputs(2)), client="second")
    found = {"first": [], "second": []}

    def both() -> bool:
        for client, answers in found.items():
            answers += one.explorer.take(client)
        return all(found.values())

    one.until(both)
    assert [answer.asked.number for answer in found["first"] + found["second"]] == [first, second]


def test_after_a_switch_nothing_of_the_old_generator_arrives(explored, small):
    one = explored()
    one.open(small())
    one.ask(Draw(0))
    old = [one.explorer.ask(request) for request in (Render(random_inputs(40)), Draw(0, 9))]
    one.open(small(("noise.params.dim", 7), ("seed", 5)))
    asked = one.explorer.ask(Draw(0))
    one.answers.clear()
    assert one.answer(asked).value.shape == (1, 7)
    sleep(0.2)
    one.until(lambda: True)
    assert not {answer.asked.number for answer in one.answers} & set(old)
    assert one.ask(Render(random_inputs(1, dim=7))).value.shape == (1, 3, 32, 32)


def test_a_request_that_does_not_fit_is_answered_by_a_sentence(explored, small):
    one = explored()
    one.open(small())
    answer = one.ask(Render(random_inputs(1, dim=3)))
    assert answer.value is None
    assert "64 numbers" in answer.error
    assert not one.session._valves._hands, "training does not wait for what will not come"
    assert one.ask(Render(random_inputs(1))).error == ""


def test_a_follower_sees_training_and_nobody_else_does(explored, small):
    one = explored()
    one.open(small())
    number = one.ask(Render(random_inputs(1))).asked.number
    one.explorer.follow("", True)
    one.session.post(Train())
    one.until(lambda: len([answer for answer in one.answers if answer.asked.again]) >= 3)
    again = [answer for answer in one.answers if answer.asked.again]
    assert {answer.asked.number for answer in again} == {number}
    assert [answer.step for answer in again] == sorted({answer.step for answer in again})
    one.explorer.follow("", False)
    sleep(0.4)
    one.explorer.take()
    sleep(0.6)
    assert not one.explorer.take()


def test_a_follower_sees_the_last_step_when_training_rests(explored, small):
    one = explored()
    one.open(small())
    one.explorer.follow("", True)
    one.ask(Render(random_inputs(1)))
    for steps in range(1, 4):
        one.session.post(Step())
        one.until(lambda steps=steps: one.answers[-1].step == steps)
    one.session.post(Train())
    one.until(lambda: one.session.status.step > 20)
    one.session.post(Pause())
    one.until(lambda: one.session.status.phase == "paused")
    one.until(lambda: one.answers[-1].step == one.session.status.step)


def test_live_and_average_weights(explored, small):
    one = explored()
    one.open(small(("ema", 0.99)))
    one.explorer.follow("", True)
    for _ in range(8):
        one.session.post(Step())
    one.until(lambda: one.session.status.step == 8)
    one.ask(Render(random_inputs(1)))
    one.until(lambda: one.answers[-1].step == 8)
    average = one.answers[-1]
    one.explorer.live = True
    one.until(lambda: one.answers[-1].live)
    live = one.answers[-1]
    assert (average.live, live.step) == (False, 8)
    assert (live.value != average.value).any()
    one.explorer.live = False
    one.until(lambda: not one.answers[-1].live)
    np.testing.assert_array_equal(one.answers[-1].value, average.value)


def test_training_yields_while_a_person_is_answered_and_not_while_it_is_followed(explored, small, monkeypatch):
    one = explored()
    one.open(small())
    moves: list[bool] = []
    monkeypatch.setattr(one.session, "hand_moves", moves.append)
    one.ask(Render(random_inputs(1)))
    assert moves == [True, False]
    one.explorer.follow("", True)
    one.session.post(Step())
    one.until(lambda: one.answers[-1].step == 1)
    assert moves == [True, False]


def test_an_edit_of_the_prior_is_followed(explored, small):
    one = explored()
    one.open(small())
    one.explorer.follow("", True)
    one.ask(Render(random_inputs(1)))
    one.session.post(Edit(path="noise.kind", value="uniform"))
    one.until(lambda: one.answers[-1].prior.limit == pytest.approx(3**0.5))


def test_at_rest_it_sleeps(explored, small, monkeypatch):
    one = explored()
    one.open(small())
    one.explorer.follow("", True)
    one.ask(Render(random_inputs(1)))
    sleep(0.6)  # the last frame is taken by now
    woken = 0
    wait = one.explorer._wake.wait

    def counted(timeout=None):
        nonlocal woken
        woken += 1
        return wait(timeout)

    monkeypatch.setattr(one.explorer._wake, "wait", counted)
    sleep(0.8)
    assert woken == 0
    one.ask(Render(random_inputs(1)))
    assert woken > 0


def test_an_explorer_that_nobody_asks_has_no_thread(explored):
    one = explored()
    assert not [thread for thread in threading.enumerate() if thread.name == "explorer"]
    one.explorer.follow("", False)
    one.explorer.reopen()
    assert not [thread for thread in threading.enumerate() if thread.name == "explorer"]


def test_after_closing_nothing_is_answered(explored, small):
    one = explored()
    one.open(small())
    one.ask(Draw(0))
    one.explorer.ask(Draw(1), client="slow")
    one.until(lambda: bool(one.explorer._answers))
    assert one.explorer.close()
    assert not one.explorer.take("slow")
    calls = one.calls
    one.explorer.ask(Draw(0))
    one.explorer.reopen()
    sleep(0.1)
    assert one.calls == calls


@pytest.mark.parametrize(("threads", "steps"), [(1, 30), (2, 10)])
def test_explored_wildly_a_run_ends_as_if_left_alone(explored, small, monkeypatch, threads, steps):
    monkeypatch.setattr("ganstudio.latent.explorer.REFRESH_SECONDS", 0.0)
    experiment = small(("steps", steps))
    torch.set_num_threads(threads)
    alone = Trainer(experiment, worker.device("auto"))
    for _ in range(steps):
        alone.step()
    before = torch.get_rng_state()

    one = explored(threads)
    one.open(experiment)
    one.explorer.follow("", True)
    one.session.post(Train())
    random = np.random.default_rng(1)
    while one.session.status.phase not in ("stopped", "failed"):
        one.explorer.ask(Render(random_inputs(int(random.integers(1, 20)), int(random.integers(99)))))
        if random.random() < 0.1:
            one.explorer.live = not one.explorer.live
        one.explorer.ask(Draw(0, 3))
        one.answers += one.explorer.take()
        sleep(0.005)
    assert one.session.status.step == steps
    assert len({answer.step for answer in one.answers}) > 2, "it was looked at while it trained"
    assert one.session._loop.trainer.weights_sha256() == alone.weights_sha256()
    assert torch.equal(before, torch.get_rng_state())
    assert torch.get_num_threads() == threads


def test_looking_back_answers_from_g_as_it_was_until_one_returns(explored, small):
    one = explored()
    one.open(small())
    z = random_inputs(2)
    then = one.ask(Render(z))
    frame = one.explorer._replica.frame
    one.explorer.follow("", True)
    one.session.post(Train())
    one.until(lambda: any(answer.step > 3 for answer in one.answers))
    one.explorer.look_back(frame)
    one.until(lambda: one.answers[-1].step == 0)  # the last request is answered again without being asked
    np.testing.assert_array_equal(one.answers[-1].value, then.value)
    again = one.ask(Render(z[::-1].copy()))
    np.testing.assert_array_equal(again.value, then.value[::-1])
    one.answers.clear()
    sleep(0.6)
    one.until(lambda: True)
    assert not one.answers, "G of then does not move on"
    one.explorer.look_back(None)
    now = one.ask(Render(z))
    assert now.step > 3
    assert not np.array_equal(now.value, then.value)


def test_another_run_ends_looking_back(explored, small):
    one = explored()
    one.open(small())
    one.ask(Draw(0))
    one.explorer.look_back(one.explorer._replica.frame)
    one.open(small(("noise.params.dim", 7)))
    assert one.ask(Draw(0)).value.shape == (1, 7)


def doomed(frame):
    raise StudioError("no copy of it can be made")


def test_a_request_after_another_run_is_opened_outlives_a_refusal_of_the_old_one(explored, small, monkeypatch):
    begun, hold = threading.Event(), threading.Event()

    def held(frame):
        begun.set()
        assert hold.wait(30)
        monkeypatch.setattr("ganstudio.latent.replica.Replica", Replica)
        return doomed(frame)

    monkeypatch.setattr("ganstudio.latent.replica.Replica", held)
    one = explored()
    one.open(small())
    old = one.explorer.ask(Draw(0))
    assert begun.wait(30)
    one.explorer.reopen()
    new = one.explorer.ask(Draw(0, 3))
    hold.set()
    assert one.answer(new).value.shape == (3, 64)
    assert old not in {answer.asked.number for answer in one.answers}


def test_after_a_refusal_the_next_request_is_tried_again_though_the_run_rests(explored, small, monkeypatch):
    monkeypatch.setattr("ganstudio.latent.replica.Replica", doomed)
    one = explored()
    one.open(small())
    one.explorer.follow("", True)
    for _ in range(2):
        assert one.ask(Draw(0)).error == "no copy of it can be made"
    monkeypatch.setattr("ganstudio.latent.replica.Replica", Replica)
    assert one.ask(Draw(0, 3)).value.shape == (3, 64)


def test_after_a_refusal_of_g_as_it_was_the_next_request_tries_it_again(explored, small, monkeypatch):
    one = explored()
    one.open(small())
    now = one.ask(Render(random_inputs(1))).value
    frame = GeneratorProbe().frame(Trainer(small(("seed", 5), ("noise.params.dim", 7))))
    monkeypatch.setattr("ganstudio.latent.replica.Replica", doomed)
    one.explorer.look_back(frame)
    assert one.ask(Draw(0)).error == "no copy of it can be made"
    monkeypatch.setattr("ganstudio.latent.replica.Replica", Replica)
    assert one.ask(Draw(0)).prior.dim == 7
    one.explorer.look_back(None)
    np.testing.assert_array_equal(one.ask(Render(random_inputs(1))).value, now)


def test_when_g_cannot_be_looked_at_every_request_is_answered_by_a_sentence(explored, small, monkeypatch):
    def broken(self, trainer, **options):
        raise RuntimeError("broken on purpose")

    one = explored()
    with monkeypatch.context() as while_broken:
        while_broken.setattr(GeneratorProbe, "frame", broken)
        one.open(small())
        for _ in range(2):
            assert one.ask(Draw(0)).error == "the generator probe failed: broken on purpose"
    assert one.ask(Draw(0, 3)).value.shape == (3, 64)
