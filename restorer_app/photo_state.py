"""One open photo: what was chosen for it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from restorer_app.variants import Variant, VariantShelf

if TYPE_CHECKING:
    from engine.blend import Blend
    from restorer_app.jobs import Job, JobError
    from restorer_app.photo_settings import PhotoSettings


@dataclass(slots=True, eq=False)
class PhotoState:
    """Owned and changed by the `Session` alone."""

    path: Path
    root: Path
    """The folder it was opened through: what is below it is mirrored by an export."""
    settings: PhotoSettings
    error: str = ""
    """Why it cannot be opened, as a sentence; empty for a photo that can."""
    variants: VariantShelf = field(default_factory=VariantShelf)
    region_result: Variant | None = None
    """The result of the visible region, until that of the whole photo is there."""
    draft: Variant | None = None
    """What the run in work paints over: shown meanwhile, never saved."""
    preview: Job | None = None
    """The run of the whole photo that is waiting or running."""
    failure: JobError | None = None
    """Why the last run failed."""

    @property
    def shown(self) -> Variant | None:
        """The variant that serves the settings, if it is there."""
        found = self.variants.find(self.settings)
        return found if found is not None and found.is_available else None

    @property
    def needs_run(self) -> bool:
        """Whether the settings ask for a result that is not there."""
        return not self.error and self.shown is None

    @property
    def blend(self) -> Blend:
        """The mix to show: as chosen, or as the preset or the autopilot proposes."""
        return self.settings.blend or self.proposed

    @property
    def proposed(self) -> Blend:
        """The mix that resetting goes back to."""
        found = self.variants.find(self.settings)
        return self.settings.preset.blend if found is None else found.proposed
