"""The results of one photo, to flip between with the keys 1 to 9."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.stamps import is_another

if TYPE_CHECKING:
    from engine.blend import Blend
    from engine.preset import Preset
    from engine.request import RestoreResult
    from restorer_app.photo_settings import PhotoSettings

MOST = 9
NOTHING = "nothing"
"""The task of a result for which the autopilot saw no reason to change the photo."""


@dataclass(slots=True, eq=False)
class Variant:
    """A result and the settings it came from; its `settings` follow the last mix it was seen in."""

    number: int
    """The key that shows it, 1 to 9; 0 for the result of a region."""
    settings: PhotoSettings
    result: RestoreResult

    @property
    def title(self) -> str:
        """The title of the chosen preset, or of what the autopilot chose."""
        return self.preset.title

    @property
    def blend(self) -> Blend:
        """How it is mixed: as chosen, or as the preset or the autopilot proposed."""
        return self.settings.blend or self.proposed

    @property
    def proposed(self) -> Blend:
        """A photo that was left as it is proposes no mix of its own: any would look the same."""
        if self.result.preset.task == NOTHING:
            return self.settings.preset.blend
        return self.preset.blend

    @property
    def is_available(self) -> bool:
        """Whether its result is still in the cache; if not, it has to be run again."""
        return self.result.restored.exists()

    @property
    def is_outdated(self) -> bool:
        """Whether the photo's file is another one since."""
        return is_another(self.result.request.source, self.result.stamp)

    @property
    def preset(self) -> Preset:
        """The one chosen, or what the autopilot chose."""
        # A preset may show the result of another one of the same task: its own words count then.
        chosen = self.settings.preset
        return self.result.preset if chosen.task == "auto" else chosen


class VariantShelf:
    """At most nine variants. A number stays with its variant; a full shelf gives up the one that
    was looked at longest ago."""

    def __init__(self) -> None:
        self._recent: list[Variant] = []
        """Seen last comes first."""

    def __iter__(self) -> Iterator[Variant]:
        """In the order of their numbers."""
        return iter(sorted(self._recent, key=lambda variant: variant.number))

    def __len__(self) -> int:
        return len(self._recent)

    @property
    def recent(self) -> tuple[Variant, ...]:
        """The one seen last first."""
        return tuple(self._recent)

    def add(self, settings: PhotoSettings, result: RestoreResult) -> tuple[Variant, Variant | None]:
        """The new variant, and the one it takes the place of: of equal run, or seen longest ago."""
        gone = self.find(settings)
        if gone is None and len(self._recent) == MOST:
            gone = self._recent[-1]
        if gone is not None:
            self._recent.remove(gone)
        taken = {variant.number for variant in self._recent}
        free = (number for number in range(1, MOST + 1) if number not in taken)
        variant = Variant(gone.number if gone else next(free), settings, result)
        self._recent.insert(0, variant)
        return variant, gone

    def find(self, settings: PhotoSettings) -> Variant | None:
        """The variant whose result serves these settings, whether or not it is available."""
        if not self._recent:
            return None
        key = settings.run_key
        return next((v for v in self._recent if v.settings.run_key == key), None)

    def drop(self, variant: Variant) -> None:
        """Give one up; its number is free again."""
        self._recent.remove(variant)

    def numbered(self, number: int) -> Variant | None:
        return next((v for v in self._recent if v.number == number), None)

    def seen(self, variant: Variant) -> None:
        """It is looked at now."""
        self._recent.remove(variant)
        self._recent.insert(0, variant)
