"""G's average as ONNX, for programs without torch: input ``z`` (N, dim) float32, output ``x``, any number N at once.

``x`` is (N, channels, height, width) with values in −1 … 1 for images, and (N, 1) or (N, 2) for points.
"""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.extras import needed
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.training.trainer import Trainer

EXAMPLES = 2
"""A batch of one would be taken for a constant."""


def onnx(run: Path) -> bytes:
    """The content of an ``.onnx`` file of the run in a folder, from its newest checkpoint; batch norm as in use.

    Raises ``StudioError`` when the run or its data set cannot be read, an optional package is missing, or G has a layer
    that ONNX has not.
    """
    for module in ("onnx", "onnxscript"):
        needed(module, "export", "ONNX")
    trainer = Trainer(read_run(run).experiment)
    restore(run, trainer)
    generator = trainer.average.network.eval()
    z = torch.zeros(EXAMPLES, trainer.noise.config.dim)
    names = {"input_names": ["z"], "output_names": ["x"], "dynamic_shapes": ({0: torch.export.Dim("N")},)}
    content = io.BytesIO()
    with _quiet():
        try:
            program = torch.onnx.export(generator, (z,), dynamo=True, verbose=False, **names)
        except (torch.onnx.OnnxExporterError, RuntimeError) as error:
            reason = (str(error).strip().splitlines() or ["?"])[0][:160]
            raise StudioError(f"this generator cannot be written as ONNX ({reason})", str(run)) from None
        program.save(content)
    return content.getvalue()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """torch tells its own developers much about each export; the exporter's loggers hold their peace meanwhile."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
