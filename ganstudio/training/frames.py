"""Makes the frames that subscribers want: looks between two steps, on the worker, and computes there or beside it."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter, thread_time
from typing import Any

from ganstudio.experiment.errors import StudioError
from ganstudio.training.aside import Aside
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Frame, Mailbox
from ganstudio.training.protocols import Probe, needs_data
from ganstudio.training.trainer import Trainer
from ganstudio.training.valves import Valves

RENEWAL = 0.2
"""Weight of the newest frame in the running means of what frames cost."""


class Frames:
    """One probe for each subscription and trainer.

    A ``PatientProbe`` only looks here; its frame is computed on the "frames" thread, and until that is done the probe
    is not asked again.
    """

    def __init__(self, valves: Valves, probes: Mapping[str, type[Probe]]):
        self._valves, self._probes = valves, probes
        self._made: dict[Mailbox, tuple[Trainer, Probe]] = {}
        self._aside = Aside("frames")
        self._computing: set[Mailbox] = set()
        self._trainers: dict[str, Trainer] = {}  # those that are looked at, by name

    def serve_all(self, trainers: Sequence[Trainer], version: int) -> bool:
        """Serve these trainers, and let go of any other. Answers whether there were mailboxes that wanted something."""
        for name in self._trainers.keys() - {one.name for one in trainers}:
            self.forget(name)
        served = [self.serve(one, version) for one in trainers]
        return any(served)

    def serve(self, trainer: Trainer, version: int) -> bool:
        """See to the trainer's mailboxes that want something new.

        ``version`` counts what changes a trainer besides steps. A mailbox is served by the trainer that it names.
        Answers whether there were any. A probe that fails loses its subscription; its mailbox and an event tell
        of it, and training goes on.
        """
        served, self._trainers[trainer.name] = False, trainer
        mailboxes = self._valves.mailboxes
        for mailbox in mailboxes:
            if mailbox.trainer != trainer.name:
                continue
            seen = (trainer.name, id(trainer), trainer.steps, version)
            if self._valves.closing or mailbox in self._computing or not mailbox.wanted(seen):
                continue
            if trainer.data.absence is not None and needs_data(self._probes.get(mailbox.probe)):
                mailbox.refuse(str(trainer.data.absence), seen)
                continue
            served = True
            try:
                probe = self._probe(mailbox, trainer)
                look = getattr(probe, "look", None)
                # A look is so short that what it waits for Python's lock, while the window paints, would be most of it.
                clock = perf_counter if look is None else thread_time
                start = clock()
                if look is None:
                    mailbox.put(probe.frame(trainer, **mailbox.options), seen)
                else:
                    found = look(trainer, **mailbox.options)
                    if isinstance(found, Frame):
                        mailbox.put(found, seen)
                    else:
                        self._compute(mailbox, found, trainer, seen)
                mailbox.seconds += RENEWAL * (clock() - start - mailbox.seconds)
            except Exception as error:
                self._give_up(mailbox, error, trainer.steps, trainer.name)
        if len(self._made) > len(mailboxes):
            self._made = {mailbox: made for mailbox, made in self._made.items() if mailbox in mailboxes}
        return served

    def forget(self, name: str) -> None:
        """The trainer of this name is gone: publish nothing of it any more, and let go of it."""
        self._trainers.pop(name, None)
        self._made = {mailbox: made for mailbox, made in self._made.items() if mailbox.trainer != name}

    def close(self) -> None:
        """End the thread. Frames that are not computed are nobody's any more."""
        self._aside.close()

    def _compute(self, mailbox: Mailbox, compute: Callable[[], Frame], trainer: Trainer, seen: Any) -> None:
        """Have a frame computed and published beside training."""
        steps, name = trainer.steps, trainer.name

        def work() -> None:
            start = thread_time()
            try:
                frame = compute()
                mailbox.seconds_aside += RENEWAL * (thread_time() - start - mailbox.seconds_aside)
                if self._trainers.get(name) is trainer:  # else another one was opened meanwhile
                    mailbox.put(frame, seen)
            except Exception as error:
                self._give_up(mailbox, error, steps, name)
            finally:
                self._computing.discard(mailbox)

        self._computing.add(mailbox)
        self._aside.do(work)

    def _give_up(self, mailbox: Mailbox, error: Exception, steps: int, trainer: str) -> None:
        self._valves.unsubscribe(mailbox)
        details = {"traceback": "".join(traceback.format_exception(error))}
        sentence = f"The {mailbox.probe} probe failed and rests: {error}"
        self._valves.tell(Event("warned", steps, sentence, details, trainer))
        mailbox.fail(f"the {mailbox.probe} probe failed: {error}")

    def _probe(self, mailbox: Mailbox, trainer: Trainer) -> Probe:
        made = self._made.get(mailbox)
        if made is None or made[0] is not trainer:
            if mailbox.probe not in self._probes:
                raise StudioError(f"there is no probe called {mailbox.probe!r}")
            made = self._made[mailbox] = (trainer, self._probes[mailbox.probe]())
        return made[1]
