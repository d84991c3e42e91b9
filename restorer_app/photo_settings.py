"""What was chosen for one photo, and whether a change of it needs another run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Self

from engine.blend import Blend
from engine.preset import Preset
from engine.request import RestoreRequest
from restorer_app.variants import NOTHING

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photo import Box
    from engine.request import RestoreResult

BLEND_NAMES = tuple(field.name for field in fields(Blend))
"""The settings that a kept result is mixed with: no other one does without a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSettings:
    """The choices for one photo. `scale` is 1, 2 or 4, `sensitivity` 0 to 1."""

    preset: Preset
    scale: int = 1
    sensitivity: float = 0.5
    """How readily something is taken for a damaged place."""
    seed: int = 0
    model: str = "lite"
    device: str = "auto"
    adapter: Path | None = None
    mask: Path | None = None
    """Where damage is to be filled."""
    keep: Path | None = None
    """A brush mask: where the photo stays as it is."""
    restore: Path | None = None
    """A brush mask: where the whole restoration is taken."""
    blend: Blend | None = None
    """None: as the preset, or the autopilot for "auto", proposes."""

    @classmethod
    def of(cls, preset: Preset, *, model: str = "lite", device: str = "auto") -> Self:
        """The settings a preset starts from."""
        return cls(
            preset=preset,
            scale=preset.scale,
            sensitivity=preset.sensitivity,
            model=model,
            device=device,
        )

    @property
    def run_key(self) -> RestoreRequest:
        """Equal for two settings exactly when one result serves both."""
        from pathlib import Path

        words = {"id": "", "title": "", "summary": "", "note": "", "experimental": False}
        words["model"] = ""  # it is the settings' own that counts
        preset = replace(
            self.preset,
            scale=self.scale,
            sensitivity=self.sensitivity,
            order=0,
            **words,  # type: ignore[arg-type]
            **asdict(Blend()),
        )
        return replace(self.request(Path()), preset=preset, keep=None, restore=None)

    def request(self, source: Path, region: Box | None = None) -> RestoreRequest:
        """The order for one photo, to be mixed as these settings say."""
        preset = replace(self.preset, scale=self.scale, sensitivity=self.sensitivity)
        return RestoreRequest(
            source=source,
            preset=preset if self.blend is None else mixed(preset, self.blend),
            model=self.model,
            adapter=self.adapter,
            region=region,
            mask=self.mask,
            keep=self.keep,
            restore=self.restore,
            seed=self.seed,
            device=self.device,
        )


def needs_run(old: PhotoSettings, new: PhotoSettings) -> bool:
    """Whether going from `old` to `new` needs another run; if not, mixing anew is enough."""
    return old.run_key != new.run_key


def mixed(preset: Preset, blend: Blend) -> Preset:
    """The preset with the mix of `blend`."""
    return replace(preset, **asdict(blend))


def remixed(result: RestoreResult, settings: PhotoSettings, blend: Blend) -> RestoreResult:
    """A kept result as it is to be saved: under the chosen preset's name, mixed by `blend`.

    What the autopilot chose keeps its own name.
    """
    chosen = result.preset if settings.preset.task == "auto" else settings.preset
    if result.preset.task == NOTHING:
        blend = replace(blend, strength=0.0)  # so that the source comes back to the bit
    ran = result.preset
    preset = replace(chosen, scale=ran.scale, sensitivity=ran.sensitivity, task=ran.task)
    preset = mixed(preset, blend)
    request = replace(
        result.request, preset=preset, keep=settings.keep, restore=settings.restore, region=None
    )
    return replace(result, request=request, preset=preset)
