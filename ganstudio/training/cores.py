"""How many processor cores there are, and who computes on how many. The window may ask before torch is in."""

import os


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_to_one_core() -> None:
    """Have torch compute on one thread whatever the calling thread computes from now on.

    For every thread beside the training thread, which keeps its own number: OpenMP holds it for each thread. It does
    not only leave the cores to training. GNU OpenMP counts the threads of the whole process, and once there are more of
    them than cores, each that waits for the others sleeps at once instead of spinning for a moment: a step of a small
    network then took half as long again, also long after the other thread was done.
    """
    import torch

    # Asked first, and not only set: a thread that has neither asked nor computed yet takes, once it computes, the
    # number that any thread has set last, whatever it has set itself.
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)


def meet_cuda() -> None:
    """A thread's first word with CUDA, if the process uses it: a matrix product as the first draws a warning."""
    import torch

    if torch.cuda.is_initialized():
        torch.cuda.current_stream().query()
