"""Optional packages: imported when they are first needed, and missed in one sentence."""

from importlib import import_module
from types import ModuleType

from ganstudio.experiment.errors import StudioError


def needed(module: str, extra: str, purpose: str, field: str = "") -> ModuleType:
    """Import a module of an optional package; ``StudioError`` says which of GAN Studio's extras brings it."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).partition(".")[0]
        sentence = f"{purpose} needs the package {missing!r}: pip install 'ganstudio[{extra}]'"
        raise StudioError(sentence, field) from None
