"""The threads that every part of ``bench latent`` runs with: those that a run of its experiment would."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer


@contextmanager
def threads_of(trainer: Trainer) -> Iterator[None]:
    """Torch's number of threads is what suits this trainer's players here; afterwards what it was."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads_for(trainer.experiment, trainer))
        yield
    finally:
        torch.set_num_threads(before)
