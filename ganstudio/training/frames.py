"""Makes the frames that subscribers want, between two steps, on the worker."""

import traceback
from collections.abc import Mapping
from time import perf_counter

from ganstudio.experiment.errors import StudioError
from ganstudio.training.events import Event
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.protocols import Probe
from ganstudio.training.trainer import Trainer
from ganstudio.training.valves import Valves

RENEWAL = 0.2
"""Weight of the newest frame in the running mean of what frames cost."""


class Frames:
    """One probe for each subscription and trainer."""

    def __init__(self, valves: Valves, probes: Mapping[str, type[Probe]]):
        self._valves, self._probes = valves, probes
        self._made: dict[Mailbox, tuple[Trainer, Probe]] = {}

    def serve(self, trainer: Trainer, version: int) -> bool:
        """Fill the mailboxes that want something new; ``version`` counts what changes a trainer besides steps.

        Answers whether there were any. A probe that fails loses its subscription and is told of in an event; training
        goes on.
        """
        served = False
        mailboxes = self._valves.mailboxes
        for mailbox in mailboxes:
            seen = (trainer.name, id(trainer), trainer.steps, version)
            if self._valves.closing or not mailbox.wanted(seen):
                continue
            served, start = True, perf_counter()
            try:
                mailbox.put(self._probe(mailbox, trainer).frame(trainer, **mailbox.options), seen)
                mailbox.seconds += RENEWAL * (perf_counter() - start - mailbox.seconds)
            except Exception as error:
                self._valves.unsubscribe(mailbox)
                details = {"traceback": "".join(traceback.format_exception(error))}
                sentence = f"The {mailbox.probe} probe failed and rests: {error}"
                self._valves.tell(Event("warned", trainer.steps, sentence, details, trainer.name))
        if len(self._made) > len(mailboxes):
            self._made = {mailbox: made for mailbox, made in self._made.items() if mailbox in mailboxes}
        return served

    def _probe(self, mailbox: Mailbox, trainer: Trainer) -> Probe:
        made = self._made.get(mailbox)
        if made is None or made[0] is not trainer:
            if mailbox.probe not in self._probes:
                raise StudioError(f"there is no probe called {mailbox.probe!r}")
            made = self._made[mailbox] = (trainer, self._probes[mailbox.probe]())
        return made[1]
