"""Stand-ins with the interfaces of the real ones, for tests that need neither torch nor weights."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.files import load
from engine.photo import Photo
from engine.progress import Progress
from engine.request import RestoreRequest, RestoreResult

Hook = Callable[[str, float], None]


def no_hook(name: str, done: float) -> None:
    return


class FakeRestorer:
    """`engine.diffusion.restore.Restorer`, with arithmetic in place of the network.

    The pixels depend on photo, preset, strength, scale and seed, and on nothing else. `errors`
    tells by file name which photos fail and how, `hook` is called with the file's name and the
    share done before each report, `asked` lists the requests. `chosen` is what "auto" becomes.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        errors: Mapping[str, BaseException] | None = None,
        hook: Hook = no_hook,
        steps: int = 4,
        chosen: str = "denoise",
    ) -> None:
        self._cache = cache
        self._errors = errors or {}
        self._hook = hook
        self._steps = steps
        self._chosen = chosen
        self.asked: list[RestoreRequest] = []

    def run(
        self, request: RestoreRequest, progress: Progress, photo: Photo | None = None
    ) -> RestoreResult:
        self.asked.append(request)
        name = request.source.name
        photo = load(request.source) if photo is None else photo
        for step in range(self._steps):
            share = step / self._steps
            self._hook(name, share)
            progress.report(share, "predicting")
        if name in self._errors:
            raise self._errors[name]
        preset = request.preset
        auto = preset.task == "auto"
        if auto:
            preset = replace(preset, id=self._chosen, task=self._chosen)
        progress.report(1.0)
        return RestoreResult(
            request=request,
            preset=preset,
            restored=self._keep(photo, request),
            seconds=0.5,
            megapixels=photo.megapixels,
            device="cpu",
            saw={"noise": 0.25} if auto else {},
            reasons=("It is noisy.",) if auto else (),
            warnings=(preset.caution,) if preset.caution else (),
        )

    def compose(self, result: RestoreResult, photo: Photo | None = None) -> Photo:
        source = photo or load(result.request.source)
        scale, strength = result.preset.scale, result.preset.strength
        restored = np.load(result.restored).astype(np.float32) / 65535
        pixels = source.pixels.repeat(scale, axis=0).repeat(scale, axis=1)
        alpha = source.alpha
        if alpha is not None:
            alpha = alpha.repeat(scale, axis=0).repeat(scale, axis=1)
        return replace(source, pixels=pixels + strength * (restored - pixels), alpha=alpha)

    def restore(self, request: RestoreRequest, progress: Progress) -> tuple[Photo, RestoreResult]:
        photo = load(request.source)
        result = self.run(request, progress, photo)
        try:
            return self.compose(result, photo), result
        finally:
            result.restored.unlink()

    def _keep(self, photo: Photo, request: RestoreRequest) -> Path:
        scale = request.preset.scale
        seeded = np.random.default_rng(request.seed).random(3, dtype=np.float32)
        restored = np.abs(seeded - photo.pixels).repeat(scale, axis=0).repeat(scale, axis=1)
        with tempfile.NamedTemporaryFile(suffix=".npy", dir=self._cache, delete=False) as file:
            np.save(file, (restored * 65535).round().astype(np.uint16))
        return Path(file.name)
