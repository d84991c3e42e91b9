"""The page that tells the story: load, analyse, predict, paint, compose."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.advice import advise, choosable
from engine.analysis import Analysis, Restore
from engine.backbones import BackboneSpec, backbones
from engine.bands import reach
from engine.colour import to_srgb
from engine.compose import Regions, compose
from engine.cut_outs import with_bleed
from engine.diffusion.drafting import NOTHING, draft
from engine.diffusion.findings import Findings, LastFindings
from engine.diffusion.looks import restorers_of
from engine.diffusion.painting import paint_over
from engine.diffusion.predictor import Predictor, load_predictor
from engine.diffusion.prior_loading import Prior, PriorPlan, Priors, plan_prior, variants_here
from engine.errors import BadPhoto
from engine.faces import faces_of
from engine.files import load
from engine.photo import Box, FloatArray, Photo, floats
from engine.preset import Preset, load_presets
from engine.progress import Part, Progress
from engine.regions import SOFTNESS
from engine.request import Onlooker, RestoreRequest, RestoreResult
from engine.shelf import Shelf
from engine.stamps import Stamp, is_another
from engine.views import View, load_mask
from engine.weights import find_model, models

DRAFTER = "lite"
"""The predictor that makes the draft for a model of the catalogue."""
_ENLARGES = "upscale"
"""The preset for a photo that only has to become larger."""
_DRAFTED = 0.2
"""Share of a run that lies behind once the draft is there, where a prior paints over it."""


@dataclass(slots=True)
class Restorer:
    """Keeps weights loaded between jobs; runs one request at a time."""

    cache: Path | None = None
    """Folder for predictions before composing; a temporary one if none is given."""
    presets: Mapping[str, Preset] = field(default_factory=load_presets)
    """What the autopilot chooses from; it leaves to the user what is not `choosable`."""
    predictors: dict[tuple[str, str], Predictor] = field(default_factory=dict)
    """Loaded ones, by model and device."""
    shelf: Shelf = field(default_factory=Shelf)
    """Where the models of the catalogue are."""
    priors: Callable[[PriorPlan], Prior] = field(default_factory=Priors)
    """Makes those models ready to paint."""
    _last: LastFindings = field(default_factory=LastFindings)

    def restore(self, request: RestoreRequest, progress: Progress) -> tuple[Photo, RestoreResult]:
        """The composed photo, ready to be saved, and how it came about.

        Raises the errors of `run`; nothing is left in the cache.
        """
        photo = load(request.source)
        result = self.run(request, progress, photo)
        try:
            return self.compose(result, photo), result
        finally:
            result.restored.unlink(missing_ok=True)

    def run(
        self, request: RestoreRequest, progress: Progress, photo: Photo | None = None
    ) -> RestoreResult:
        """Restore into a file of the cache.

        `photo` is the loaded source, if the caller has it. A `progress` that is an `Onlooker` is
        shown the draft as soon as it is there. Raises `BadPhoto`, `MissingWeights`,
        `WrongWeights`, `WrongAdapter`, `OutOfMemory`, `NoSpace` and `Cancelled`.
        """
        started = time.perf_counter()
        spec = self._large(request)
        stamp = Stamp.of(request.source)  # before it is read: what changes meanwhile is noticed
        photo = load(request.source) if photo is None else photo  # load
        mask = None if request.mask is None else load_mask(request.mask, photo)
        findings = self._last.of(request)
        decide = partial(self._decided, request, photo, progress)  # analyse
        preset, analysis, reasons = findings.once(("choice", request.preset), decide)
        seen = with_bleed(photo, preset.scale)
        if seen is not photo:  # what was found in the photo itself does not hold for it
            findings = Findings()
        view = View(seen, preset.scale, mask, request.region)
        plan = None if spec is None else self._planned(spec, request, preset)
        result = RestoreResult(
            request=request,
            preset=preset,
            restored=self._file(),
            seconds=0.0,
            megapixels=view.here.width * view.here.height / 1e6,
            device=request.device,
            saw={} if analysis is None else analysis.as_numbers(),
            reasons=reasons,
            stamp=stamp,
        )
        try:
            result = self._restored(result, view, plan, findings, progress)
        except BaseException:
            with suppress(OSError):  # Windows keeps it while the error holds on to it
                result.restored.unlink(missing_ok=True)
            raise
        return replace(result, seconds=time.perf_counter() - started)

    def _restored(
        self,
        result: RestoreResult,
        view: View,
        plan: PriorPlan | None,
        findings: Findings,
        progress: Progress,
    ) -> RestoreResult:
        """Fill the result's file: with the draft, and with what a prior paints over it."""
        request, target = result.request, result.restored
        predictor = self._ready(request)
        result = replace(result, device=str(predictor.device))
        plain = request if _is_predictor(request.model) else replace(request, adapter=None)
        if plan is None:
            last = Part(progress, 0.02, 1)
            told = draft(predictor, view, result.preset, plain, target, last, findings).told
            return replace(result, reasons=(*result.reasons, *told))
        first, second = Part(progress, 0.02, _DRAFTED), Part(progress, _DRAFTED, 1)
        drafted = draft(predictor, view, result.preset, plain, target, first, findings)  # predict
        result = replace(result, reasons=(*result.reasons, *drafted.told))
        seen = progress if isinstance(progress, Onlooker) else _Nobody()
        seen.drafted(result)
        prior = self.priors(plan)
        painting = paint_over(  # paint
            prior, target, drafted.degraded, request.seed, second, seen.painted
        )
        return replace(result, device=painting.device, warnings=painting.notes)

    def compose(self, result: RestoreResult, photo: Photo | None = None) -> Photo:
        """Mix a result with its source as its preset says.

        `photo` is the loaded source, if the caller has it. Raises `BadPhoto`, also where the source
        is another file by now.
        """
        request, blend = result.request, result.preset.blend
        if photo is None:
            photo = _unchanged(request.source, result.stamp)
        keep, restore, damage = (
            _mask(path, photo, request.region)
            for path in (request.keep, request.restore, request.mask)
        )
        if damage is not None:
            restore = _filled_whole(damage, restore)
        photo = with_bleed(photo, result.preset.scale)
        if request.region is not None:
            photo = photo.cropped(request.region)
        faces = faces_of(photo) if blend.faces > 0 and blend.strength > 0 else ()
        regions = Regions(faces=faces, keep=keep, restore=restore)
        restored: NDArray[np.uint16] = np.load(result.restored, mmap_mode="r")
        composed = compose(photo, restored, blend, regions)
        # where there is another file by now nobody shall take that for the photo
        is_intact = composed.intact and Stamp.of(request.source) == result.stamp
        return replace(composed, intact=is_intact)

    def _decided(
        self, request: RestoreRequest, photo: Photo, progress: Progress
    ) -> tuple[Preset, Analysis | None, tuple[str, ...]]:
        """The preset that runs: the request's, or what the autopilot makes of "auto"."""
        preset = request.preset
        if preset.task != "auto":
            return preset, None, ()
        trusted = choosable(self.presets, photo)
        analysis, proposal = advise(
            to_srgb(photo.pixels, photo.profile),
            trusted,
            self._restorers(request, progress),
        )
        if not proposal.preset_id:
            larger = trusted.get(_ENLARGES) if preset.scale > 1 else None
            if larger is None:
                # an adapter that was asked for runs, whatever the autopilot knows of its damage
                asked = request.adapter is not None and _is_predictor(request.model)
                strength = preset.strength if asked else 0.0
                return replace(preset, task=NOTHING, strength=strength), analysis, proposal.reasons
            chosen = replace(larger, strength=preset.strength, scale=preset.scale)
            return chosen.mixed_as(preset), analysis, proposal.reasons
        chosen = self.presets[proposal.preset_id]
        strength = proposal.strength * preset.strength
        scale = max(preset.scale, chosen.scale)
        chosen = replace(chosen, strength=strength, scale=scale).mixed_as(preset)
        return chosen, analysis, proposal.reasons

    def _restorers(self, request: RestoreRequest, progress: Progress) -> dict[str, Restore]:
        """What the autopilot looks again with; nothing where it is not the shipped predictor."""
        other = request.model != DRAFTER or request.adapter is not None
        if _is_predictor(request.model) and other:
            return {}

        asked = restorers_of(self._ready(request))

        def restore(crop: FloatArray, task: str) -> FloatArray:
            progress.report(0.01)  # so that it can be cancelled between crops
            return asked[task](crop)

        return {task: partial(restore, task=task) for task in asked}

    def _large(self, request: RestoreRequest) -> BackboneSpec | None:
        """The model of the catalogue that was asked for, if it was one; it is here, then."""
        if _is_predictor(request.model):
            return None
        spec = next((one for one in backbones() if one.id == request.model), None)
        if spec is None:
            find_model(request.model)  # says what there is
        else:
            variants_here(spec, self.shelf)
        return spec

    def _planned(
        self, spec: BackboneSpec, request: RestoreRequest, preset: Preset
    ) -> PriorPlan | None:
        """How the prior is run; None where there is nothing to restore."""
        if preset.task == NOTHING:
            return None
        return plan_prior(
            spec,
            self.shelf,
            device=request.device,
            adapter=request.adapter,
            preset=preset,
            steps=request.steps,
        )

    def _ready(self, request: RestoreRequest) -> Predictor:
        model = request.model if _is_predictor(request.model) else DRAFTER
        key = (model, request.device)
        if key not in self.predictors:
            self.predictors[key] = load_predictor(request.device, model)
        return self.predictors[key]

    def _file(self) -> Path:
        folder = self.cache
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            prefix="restored-", suffix=".npy", dir=folder, delete=False
        ) as file:
            return Path(file.name)


def _is_predictor(model: str) -> bool:
    """Whether it is one of the predictors, for which an adapter is then meant, too."""
    return model in [shipped.id for shipped in models()]


def _unchanged(source: Path, stamp: Stamp | None) -> Photo:
    """The source of a result; raises `BadPhoto` if it was changed since it looked like `stamp`."""
    if is_another(source, stamp):
        raise BadPhoto(
            f"“{source.name}” was changed since it was restored.", "Restore it anew, and save that."
        )
    return load(source)


def _mask(path: Path | None, photo: Photo, region: Box | None) -> FloatArray | None:
    """The mask of a whole photo, if there is one, as (height, width) of its region."""
    mask = None if path is None else load_mask(path, photo)
    return mask if mask is None or region is None else mask[region.slices]


def _filled_whole(damage: FloatArray, restore: FloatArray | None) -> FloatArray:
    """Where the whole prediction is taken (h, w): what is to be filled, and what was brushed.

    Nobody wants half a scratch, however little is changed elsewhere. Widened, for the edge of what
    was brushed is softened.
    """
    side = 2 * reach(SOFTNESS) + 1
    whole = floats(cv2.dilate(damage, np.ones((side, side), np.uint8)))
    return whole if restore is None else np.maximum(whole, restore)


class _Nobody:
    """Looks on while nobody does."""

    def drafted(self, result: RestoreResult) -> None:
        return

    def painted(self, rows: int) -> None:
        return
