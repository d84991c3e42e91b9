"""The bar above the picture and the picture itself: each shows what the other was told."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from restorer_app.gui.darkroom.invention_layer import InventionLayer
from restorer_app.gui.window import MainWindow


class ViewControls(QObject):
    """Has the view do what the bar's buttons ask for, and the buttons follow hands and keys."""

    def __init__(self, window: MainWindow, invention: InventionLayer) -> None:
        super().__init__(window)
        bar, view = window.bar, window.view
        bar.mode_chosen.connect(view.set_mode)
        bar.variant_chosen.connect(view.show_variant)
        bar.invention_toggled.connect(invention.set_wanted)
        view.invention_toggled.connect(invention.set_wanted)
        view.invention_toggled.connect(lambda on: bar.show_invention(on, True))
        bar.loupe_toggled.connect(view.set_loupe)
        bar.zoom_chosen.connect(self._zoom)
        view.loupe_toggled.connect(bar.show_loupe)
        view.mode_changed.connect(bar.show_mode)
        view.zoom_changed.connect(bar.show_percent)
        self._ways: dict[str, Callable[[], object]] = {
            "in": view.zoom_in,
            "out": view.zoom_out,
            "fit": view.fit,
            "full": lambda: view.set_percent(100.0),
        }

    def _zoom(self, way: str) -> None:
        """One of the ways that `ViewBar.zoom_chosen` names."""
        self._ways[way]()
