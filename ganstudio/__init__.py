"""GAN Studio: train generative adversarial networks live, and watch the game as it is played."""

import os

__version__ = "0.1.0"

# How long a waiting thread of GNU OpenMP, torch's on Linux, spins before it sleeps; read when torch is imported. By
# default it spins for milliseconds, whole time slices that it takes from the very threads it waits for as soon as
# anything else wants a core: the window, a browser. This many turns cost a quiet machine nothing and spare a busy one.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
# The same of NumPy's OpenBLAS, as a power of two in processor cycles: by default its threads look out for more work for
# 20 ms after each product, which takes a twentieth of a core from training while curves are drawn.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "10")
