"""The user's settings in force: kept on disk, and followed by what they are about."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from restorer_app.gui.compare.display_colour import ScreenColour
from restorer_app.gui.look.theme import Look
from restorer_app.gui.look.translations import Languages
from restorer_app.gui.window import MainWindow
from restorer_app.result_cache import ResultCache
from restorer_app.session import Session
from restorer_app.settings import Settings, load_settings, save_settings, shown_fields

log = logging.getLogger(__name__)

_RECENT = 8
"""Of many photos opened at once, as many are remembered."""


class Preferences:
    """`now` are the settings; look and language follow them from the start."""

    def __init__(self, app: QApplication, file: Path) -> None:
        self._file = file
        self.now = load_settings(file)
        self.look = Look(app, theme=self.now.theme, scale=self.now.ui_scale)
        self.languages = Languages(app)
        self._language = self.now.language
        self.languages.use(self._language)
        self._screen = ""
        self._ruled: tuple[MainWindow, Session, ResultCache] | None = None

    def rule(self, window: MainWindow, session: Session, results: ResultCache) -> None:
        """Have these follow the settings, too, from now on."""
        self._ruled = window, session, results
        self._take_effect()

    def keep(self, settings: Settings) -> None:
        """Settings take effect as they are changed, and last."""
        self.now = settings
        self._take_effect()
        try:
            save_settings(settings, self._file)
        except OSError as error:
            log.warning("the settings cannot be kept: %s", error)

    def keep_shown(self, chosen: Settings) -> None:
        """Those that the page of settings shows; it knows nothing of what was opened meanwhile."""
        shown = {field.name: getattr(chosen, field.name) for field in shown_fields()}
        self.keep(replace(self.now, **shown))

    def remember(self, paths: Sequence[Path]) -> None:
        """Photos and folders opened lately, the last first."""
        settings = self.now
        for path in paths[:_RECENT]:
            settings = settings.with_recent(str(path.absolute()))
        if paths:
            settings = replace(settings, last_folder=str(paths[-1].absolute().parent))
        self.keep(settings)

    def _take_effect(self) -> None:
        settings = self.now
        self.look.set(
            theme=settings.theme,
            scale=settings.ui_scale,
            reduced_motion=settings.reduced_motion,
        )
        if settings.language != self._language:
            self._language = settings.language
            self.languages.use(settings.language)
        if self._ruled is None:
            return
        window, session, results = self._ruled
        results.limit = settings.cache_gigabytes * 10**9
        session.use_device(settings.device)
        if settings.screen_profile != self._screen:
            self._screen = settings.screen_profile
            window.view.set_screen_colour(_screen_colour(self._screen))
        window.empty.set_recent([Path(place) for place in settings.recent])


def _screen_colour(place: str) -> ScreenColour:
    """The colours of the user's screen; sRGB where there is no usable profile."""
    if not place:
        return ScreenColour()
    try:
        return ScreenColour(Path(place).read_bytes())
    except (OSError, ValueError) as error:
        log.warning("the profile of the screen is not used: %s", error)
        return ScreenColour()
