"""Tensors by name in one safetensors file. The format holds numbers and text only: nothing in it can be executed."""

from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ganstudio.experiment.errors import StudioError


def dumps(tensors: dict[str, Tensor], texts: dict[str, str]) -> bytes:
    """The content of a file with these tensors, and these texts in its header."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return safetensors.torch.save(plain, texts)


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """All tensors on the CPU, and the texts; ``StudioError`` naming the file when it is damaged."""
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (SafetensorError, ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise StudioError(f"is damaged or not a safetensors file ({first_line(error)})", str(path)) from None


def first_line(error: Exception) -> str:
    """What a library complains about, short enough for a sentence."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
