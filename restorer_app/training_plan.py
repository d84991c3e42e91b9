"""From an order to the commands of the trainer: pure, so that it can be read and tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.backbones import find_backbone
from engine.resources import resource
from restorer_app.trainings import PREDICTOR, Act, builds_on_draft

if TYPE_CHECKING:
    from pathlib import Path

    from engine.backbones import Role
    from restorer_app.trainings import TrainingOrder

_PHOTOS, _PAINTED, _POOL = "photos", "painted", "pairs.safetensors"
_WORKERS = "1"
_KEEP = "0.95"
"""Share of the painted pictures that each measure of quality keeps: FluxGen's 95 %."""
_BATCH = 8
"""Pairs of a batch that is encoded: the trainer's own."""
_BATCHES_AN_HOUR = 100
_FEWEST, _MOST = 25, 700
"""Batches that are encoded. A short training sees few pairs more than once; `_MOST` is what
flux-nano was trained with."""
_PAIRS_AN_HOUR = 1200
_FEWEST_PAIRS, _MOST_PAIRS = 100, 3000
"""Pairs with drafts, at 0.3 s each on one core: they take a tenth of the time that is learned from
them. `_MOST_PAIRS` is the trainer's own number, and 1 GB in memory."""
_DRAFTED_SIDE = 192
"""Of these, in pixels: the trainer's own."""
_DRAFTED_BYTES = 3 * 3
"""Of such a pair, a pixel: three pictures in 8 bits."""
_LATENT_BYTES = 3 * 16 * 2 / 64
"""Of a pair, a pixel: three latents of 16 channels in half precision, on an eighth of the side."""
_STATE = 12_000_000_000
"""Bytes of a large model's checkpoints: weights, their mean and two moments of one block of FLUX.1
in float32 are 5.4 GB, which lie there twice while one replaces the other, and the adapter."""
_SMALL_STATE = 200_000_000
"""The same for lite and flux-nano: 55 and 45 MB, which lie there twice for a moment."""
_GUIDANCE_STATE = 20_000_000
"""The same for what guides a texture prior: 1.5 MB twice, generously."""
_PICTURE = 2_000_000
"""Bytes of a painted picture, generously."""


def command(order: TrainingOrder, place: Path, act: Act) -> list[str]:
    """The words after `restorer train` that do one step of a training in the folder `place`."""
    words = ["--json", str(act)]
    match act:
        case Act.GENERATE:
            words += ["--model", order.model, "--out", str(place / _PAINTED)]
            words += ["--count", str(order.pictures)]
        case Act.SELECT:
            words += [str(place / _PAINTED), "--out", str(place / _PHOTOS)]
            return [*words, "--keep", _KEEP]  # which needs no device
        case Act.LATENTS:
            words += ["--model", order.model, *_source(order, place), "--workers", _WORKERS]
            words += ["--side", str(_side(order)), "--count", str(batches(order))]
            words += ["--out", str(place / _POOL)]
        case Act.ADAPTER:
            words += ["--model", order.model, "--pool", str(place / _POOL), *_windows(order)]
            words += ["--recipe", str(order.recipe_file), _titled(order)]
            words += [*_learning(order, place), "--out", str(adapter_file(order, place))]
        case Act.DRAFTS:
            words += [*_source(order, place), "--side", str(_DRAFTED_SIDE)]
            words += ["--count", str(drafted(order)), "--out", str(_drafts(order, place))]
        case Act.TEXTURE:
            words += ["--onto", str(_shipped(order, "transformer"))]
            words += ["--start", str(_shipped(order, "adapter"))]
            words += ["--pool", str(_drafts(order, place))]
            words += ["--id", order.model, _titled(order), *_learning(order, place)]
            words += ["--workers", _WORKERS, "--out", str(adapter_file(order, place))]
        case Act.PREDICTOR:
            words += ["--onto", str(resource("models", PREDICTOR)), "--tasks", order.task]
            words += [*_source(order, place), "--workers", _WORKERS, *_learning(order, place)]
            words += ["--out", str(adapter_file(order, place).parent)]
    return words if order.device == "auto" else [*words, "--device", order.device]


def adapter_file(order: TrainingOrder, place: Path) -> Path:
    """Where the adapter of a training lies once it is through."""
    name = "adapter" if order.model != PREDICTOR else order.task
    return place / "adapters" / f"{name}.safetensors"


def leftovers(place: Path, act: Act) -> Path | None:
    """What a step that broke off may have left, and would not begin anew beside."""
    return place / _PHOTOS if act is Act.SELECT else None


def run_folder(place: Path) -> Path:
    """Where a training in `place` keeps its checkpoints and its log."""
    return place / "run"


def batches(order: TrainingOrder) -> int:
    """How many batches of pairs are encoded for a Flux model."""
    return min(max(round(order.hours * _BATCHES_AN_HOUR), _FEWEST), _MOST)


def drafted(order: TrainingOrder) -> int:
    """How many pairs with drafts are made for a model that builds on these."""
    return min(max(round(order.hours * _PAIRS_AN_HOUR), _FEWEST_PAIRS), _MOST_PAIRS)


def room(order: TrainingOrder) -> int:
    """Bytes that a training takes on the disk, at most, as far as can be said beforehand."""
    if order.model == PREDICTOR:
        return _SMALL_STATE
    if builds_on_draft(order.model):
        return _GUIDANCE_STATE + drafted(order) * _DRAFTED_SIDE**2 * _DRAFTED_BYTES
    pool = round(batches(order) * _BATCH * _side(order) ** 2 * _LATENT_BYTES)
    state = _STATE if _is_large(order) else _SMALL_STATE
    return state + 2 * pool + 2 * order.pictures * _PICTURE


def _drafts(order: TrainingOrder, place: Path) -> Path:
    """The pool of pairs with drafts, called as its recipe is: the adapter's header names it so."""
    return place / "drafts" / f"{order.recipe_file.stem}.safetensors"


def _shipped(order: TrainingOrder, role: Role) -> Path:
    """The file of a model that comes with the program."""
    files = find_backbone(order.model).files
    return resource("models", order.model, next(file.path for file in files if file.role == role))


def _source(order: TrainingOrder, place: Path) -> list[str]:
    photos = order.photos or place / _PHOTOS
    return ["--photos", str(photos), "--recipe", str(order.recipe_file)]


def _learning(order: TrainingOrder, place: Path) -> list[str]:
    return ["--run", str(run_folder(place)), "--hours", f"{order.hours:g}"]


def _titled(order: TrainingOrder) -> str:
    """In one word, for a name that begins with a hyphen would be taken for an option."""
    return f"--title={order.title}"


def _windows(order: TrainingOrder) -> list[str]:
    """Large models see whole pairs and save memory; flux-nano sees small windows of many."""
    if _is_large(order):
        return ["--sides", str(_side(order) // 8), "--save-memory"]
    return ["--learning-rate", "8e-4"]


def _side(order: TrainingOrder) -> int:
    """Of the pairs, in pixels."""
    return 512 if _is_large(order) else 256


def _is_large(order: TrainingOrder) -> bool:
    return not find_backbone(order.model).shipped
