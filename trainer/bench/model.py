"""The lite model as the benches meet it: through the same door as the program's own commands."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.diffusion.eight_bit_blocks import weight_bits
from engine.diffusion.networks import NETWORK_FILE
from engine.diffusion.predictor import Predictor, load_predictor
from engine.diffusion.restore import Restorer
from engine.diffusion.specialists.finding import whole_marks
from engine.diffusion.specialists.holes import grown
from engine.diffusion.weight_files import load_network, load_ranges
from engine.errors import BadPhoto, CannotSave
from engine.files import load
from engine.photo import FloatArray, floats
from engine.preset import Preset
from engine.progress import Silent
from engine.request import RestoreRequest
from engine.weights import find_model
from trainer.bench.ceiling import Work
from trainer.bench.trial import eight_bit
from trainer.drafts import Drafts

DEVICE = "cpu"


class LiteModel:
    """The embedded predictor with all its presets, on the CPU."""

    def __init__(self, predictor: Predictor, cache: Path) -> None:
        """`cache` is a folder for pictures on their way."""
        self._predictor = predictor
        self._place = cache / "trial.png"
        self._restorer = Restorer(cache=cache, predictors={("lite", DEVICE): predictor})

    def restore(self, srgb: FloatArray, task: str, scale: int = 1) -> FloatArray:
        """What the preset for `task` makes of a saved picture, load to compose.

        Values outside 0..1, which no file can hold, go straight to the predictor. Raises
        `MissingWeights` for a task that has no adapter.
        """
        if scale == 1 and (srgb.min() < 0 or srgb.max() > 1):
            return self._predictor.restore(srgb, task)
        whole = np.asarray(np.rint(eight_bit(srgb) * 255), np.uint8)
        Image.fromarray(whole).save(self._place, compress_level=1)
        preset = replace(self._restorer.presets[task], scale=scale)
        _, restored = self._restored(self._place, preset)
        return restored

    def scratch_mask(self, srgb: FloatArray) -> FloatArray:
        """(h, w), 1 where a place is taken for destroyed, without the margin with which it is
        filled. Small pictures only: it is one tile."""
        return floats(grown(whole_marks(self._predictor.specialists.repairer.damage(srgb)), srgb))

    def fill(self, srgb: FloatArray, mask: FloatArray) -> FloatArray:
        """`srgb` (h, w, 3), a small picture, with what `mask` (h, w) marks filled."""
        return self._predictor.specialists.repairer.fill(srgb, mask, None)

    def auto(self, path: Path) -> tuple[str, FloatArray]:
        """What the preset "auto" makes of a file: the preset it chose, and (h, w, 3)."""
        ran, restored = self._restored(path, self._restorer.presets["auto"])
        return ran.id if ran.strength else "nothing", restored

    def developed(self, path: Path) -> tuple[FloatArray, FloatArray, FloatArray]:
        """A RAW file as it is developed, that denoised, and denoised from its mosaic; raises
        `BadPhoto` where the mosaic is not used."""
        photo = load(path)
        if photo.mosaic is None:
            raise BadPhoto(f"Of “{path.name}” the mosaic cannot be used.")
        request = RestoreRequest(
            source=path, preset=self._restorer.presets["denoise"], device=DEVICE
        )
        results = []
        for given in (replace(photo, mosaic=None), photo):
            result = self._restorer.run(request, Silent(), given)
            results.append(self._restorer.compose(result, given).pixels)
            result.restored.unlink()
        return photo.pixels, results[0], results[1]

    def _restored(self, path: Path, preset: Preset) -> tuple[Preset, FloatArray]:
        request = RestoreRequest(source=path, preset=preset, device=DEVICE)
        photo, result = self._restorer.restore(request, Silent())
        return result.preset, photo.pixels


def lite_predictor(weights: Path | None) -> Predictor:
    """The shipped predictor, or that of another folder; raises `MissingWeights`."""
    return load_predictor(DEVICE, folder=None if weights is None else _folder(weights))


def lite_drafts(weights: Path | None) -> Drafts:
    """What makes drafts with the model of `lite_predictor`, which see."""
    return Drafts(lite_predictor(weights))


def lite_work(weights: Path | None) -> Work:
    """Operations of the network for a megapixel, by its own formula; in 8 bits are those of
    `denoise`."""
    folder = find_model("lite").folder if weights is None else _folder(weights)
    sizes = load_network(folder / NETWORK_FILE).sizes
    adapter = folder / "denoise.safetensors"
    known = load_ranges(adapter) if weight_bits() and adapter.exists() else {}
    return Work(
        total=sizes.flops(1_000_000),
        eight_bit=sum(sizes.block_flops(index, 1_000_000) for index in known),
    )


def say(text: str) -> None:
    """Print what the bench was asked for."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def keep(path: Path | None, text: str) -> None:
    """Write it into a file, where one was named; raises `CannotSave`."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotSave(f"{path} cannot be written: {error}.", "Name another file.") from error


def _folder(weights: Path) -> Path:
    """The folder of a model, named by itself or by its network file."""
    return weights if weights.is_dir() else weights.parent
