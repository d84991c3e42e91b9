"""All trainings of the user's own on one page, and the form for a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from restorer_app.gui.look.theme import px, role, rows
from restorer_app.gui.trainings.training_form import TrainingForm
from restorer_app.gui.trainings.training_panel import TrainingPanel
from restorer_app.trainings import Training


class TrainingsPage(QScrollArea):
    """The form, then a panel for each training, the latest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panels: dict[str, TrainingPanel] = {}
        self._damaged: tuple[str, ...] = ()
        self._folder = Path()
        self._heading, self._earlier = role(QLabel(), "title"), role(QLabel(), "subtitle")
        self._intro, self._place, self._fault = (role(QLabel(), "dim") for _ in range(3))
        self.form = TrainingForm()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list = rows(gap=12)
        self._arrange()
        self.retranslate()

    @property
    def panels(self) -> Sequence[TrainingPanel]:
        return tuple(self._panels.values())

    def panel(self, name: str) -> TrainingPanel:
        """The panel of a training; raises `KeyError` for one that is not listed."""
        return self._panels[name]

    def show_list(
        self, trainings: Sequence[Training], adapter: Callable[[str], Path]
    ) -> list[TrainingPanel]:
        """Show these trainings, in their order; gives the panels that are new."""
        names = [training.name for training in trainings]
        for gone in [name for name in self._panels if name not in names]:
            panel = self._panels.pop(gone)
            panel.hide()
            panel.deleteLater()
        new = []
        for index, training in enumerate(trainings):
            if training.name not in self._panels:
                panel = TrainingPanel(training, adapter(training.name))
                self._panels[training.name] = panel
                self._list.insertWidget(index, panel)
                new.append(panel)
        self._show()
        return new

    def show_place(self, folder: Path, damaged: Sequence[str]) -> None:
        """Where trainings lie, and which folders there cannot be read."""
        self._folder, self._damaged = folder, tuple(damaged)
        self.retranslate()

    def reveal(self, name: str) -> None:
        """Bring a training into sight, with the keyboard on it."""
        panel = self._panels.get(name)
        if panel is not None:
            self._list.activate()
            self.ensureWidgetVisible(panel, 0, px(12))
            panel.take_focus()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Training"))
        self._heading.setText(self.tr("Training"))
        self._intro.setText(
            self.tr(
                "Teach an adapter what your own photos look like: your subjects, your light, your"
                " lenses. It learns on this computer, from clean photos that are damaged on"
                " purpose. Nothing leaves it."
            )
        )
        self._earlier.setText(self.tr("Your trainings"))
        self._place.setText(self.tr("They lie in {}.").format(self._folder))
        names = ", ".join(f"“{name}”" for name in self._damaged)
        self._fault.setText(
            self.tr("What lies in {} cannot be read, and is left as it is.").format(names)
        )
        self._show()

    def _arrange(self) -> None:
        page = QWidget()
        layout = rows(gap=8, margin=20)
        for label in (self._intro, self._place, self._fault):
            label.setWordWrap(True)
        layout.addWidget(self._heading)
        layout.addWidget(self._intro)
        layout.addSpacing(px(6))
        layout.addWidget(self.form)
        layout.addSpacing(px(10))
        for part in (self._earlier, self._place, self._fault):
            layout.addWidget(part)
        layout.addLayout(self._list)
        layout.addStretch(1)
        page.setLayout(layout)
        self.setWidget(page)

    def _show(self) -> None:
        some = bool(self._panels)
        self._earlier.setVisible(some)
        self._place.setVisible(some)
        self._fault.setVisible(bool(self._damaged))
