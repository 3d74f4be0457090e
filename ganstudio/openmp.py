"""How torch's threads wait for each other. To be set before torch is imported."""

import os

SPINS = "4000"
"""Turns of the waiting loop before a thread sleeps: well below 0.1 ms."""


def wait_briefly() -> None:
    """Let OpenMP's idle threads sleep after a moment, unless the person's environment says how they should wait.

    GNU OpenMP spins for milliseconds by default. Where anything else runs, a window that paints or another program,
    the spinning threads keep the core from the one they wait for: ``dcgan-mnist`` beside one busy process took 30 ms a
    step with this setting and 100 to 400 ms without; on an idle machine there is no difference.
    """
    if not {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"} & os.environ.keys():
        os.environ["GOMP_SPINCOUNT"] = SPINS
