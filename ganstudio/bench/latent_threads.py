"""The threads that every part of ``bench latent`` runs with: those that a study in the window has."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ganstudio.training.cores import keep_to_one_core


@contextmanager
def on_one_core() -> Iterator[None]:
    """Torch computes on one thread; afterwards on as many as before."""
    before = torch.get_num_threads()
    try:
        keep_to_one_core()
        yield
    finally:
        torch.set_num_threads(before)
