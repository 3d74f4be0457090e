"""Finds the probes. To add one, write a file here with a class that has a ``name`` and a ``frame``."""

import importlib
import inspect
import pkgutil

from ganstudio.training.protocols import Probe


def all_probes() -> dict[str, type[Probe]]:
    """Name → class of every probe there is. Imports torch."""
    package = importlib.import_module("ganstudio.probes")
    found: dict[str, type[Probe]] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"ganstudio.probes.{info.name}")
        for _, one in inspect.getmembers(module, inspect.isclass):
            if one.__module__ != module.__name__ or not (getattr(one, "name", "") and hasattr(one, "frame")):
                continue
            if one.name in found:
                raise ValueError(f"two probes are called {one.name!r}")
            found[one.name] = one
    return found
