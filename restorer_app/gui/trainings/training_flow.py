"""From the trainings of the user to their page, and to what a photo can be restored with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.errors import CannotSave
from restorer_app.gui.look.theme import px
from restorer_app.gui.outside import show_folder
from restorer_app.gui.pages.page_dialog import PageDialog
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.trainings.training_panel import TrainingPanel
from restorer_app.gui.trainings.training_words import doubt_line
from restorer_app.gui.trainings.trainings_page import TrainingsPage
from restorer_app.gui.window import MainWindow
from restorer_app.model_cards import ModelCard, free_space
from restorer_app.own_adapters import OwnAdapter, own_adapters
from restorer_app.session import Session
from restorer_app.training_checks import Doubt, Objection, doubt
from restorer_app.training_log import losses
from restorer_app.training_runner import TrainingRunner
from restorer_app.trainings import StepState, Training, TrainingOrder


class TrainingFlow(QObject):
    """Keeps everything in the window that speaks of trainings true."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        runner: TrainingRunner,
        cards: Callable[[], Sequence[ModelCard]],
        device: Callable[[], str] = lambda: "auto",
    ) -> None:
        """`cards` tells the models there are, `device` what is computed on."""
        super().__init__(window)
        self._window, self._session, self.runner = window, session, runner
        self._cards, self._device = cards, device
        self._page: TrainingsPage | None = None
        self._dialog: PageDialog | None = None
        runner.changed.connect(self._follow)
        runner.list_changed.connect(self.refresh)
        session.current_changed.connect(self._show_use)
        session.photo_changed.connect(self._show_use)
        window.adjustments.adapter_chosen.connect(session.use_adapter)
        window.training.clicked.connect(self.show)
        self.refresh()

    @property
    def adapters(self) -> Sequence[OwnAdapter]:
        """What the user has trained so far."""
        return own_adapters(self.runner.store, self.runner.trainings)

    def refresh(self) -> None:
        """Look again what is here."""
        self._window.adjustments.set_adapters(self.adapters)
        if self._page is not None:
            self._fill(self._page)
        self._show_use()

    def make_page(self) -> TrainingsPage:
        """The page of trainings, which is kept true until it is destroyed."""
        page = self._page = TrainingsPage()
        page.destroyed.connect(self._page_gone)
        page.form.ordered.connect(self._order)
        self.refresh()
        return page

    def show(self) -> None:
        """The page beside the window."""
        if self._dialog is None:
            page = self.make_page()
            self._dialog = PageDialog(self._window, page, lambda: self.tr("Training"), margin=16)
            self._dialog.resize(px(680), px(720))
            self._dialog.destroyed.connect(self._dialog_gone)
        elif self._page is not None:
            self._fill(self._page)  # a model may have come meanwhile
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def close(self) -> None:
        """Stop what runs; it can go on at the next start."""
        self.runner.close()

    def _page_gone(self) -> None:
        self._page = None

    def _dialog_gone(self) -> None:
        self._dialog = None

    def _fill(self, page: TrainingsPage) -> None:
        runner, folder = self.runner, self.runner.store.folder
        page.form.set_cards(self._cards())
        page.form.set_free(free_space(folder))
        page.form.set_device(self._device())
        page.show_place(folder, runner.damaged)
        for panel in page.show_list(runner.trainings, runner.adapter):
            self._connect(panel)
            self._show_training(panel.training)

    def _connect(self, panel: TrainingPanel) -> None:
        panel.stop_requested.connect(lambda _name: self.runner.stop())
        panel.go_on_requested.connect(self.runner.go_on)
        panel.use_requested.connect(self._use)
        panel.open_requested.connect(self._open)
        panel.remove_requested.connect(self._remove)

    def _follow(self, training: Training) -> None:
        """A training is further, or has ended."""
        self._window.training.show_training(self.runner.running)
        self._show_training(training)
        if training.state is StepState.DONE:
            self._window.adjustments.set_adapters(self.adapters)
        self._show_use()

    def _show_training(self, training: Training) -> None:
        if self._page is not None:
            points = losses(self.runner.run_folder(training.name))
            self._page.panel(training.name).show_training(training, points)

    def _show_use(self, _state: object = None) -> None:
        """Which adapter the photo on screen is restored with, and what can be begun."""
        state = self._session.current
        adapter = None if state is None else state.settings.adapter
        if state is not None:
            self._window.adjustments.set_adapter(adapter)
        if self._page is None:
            return
        free = self.runner.running is None
        possible = state is not None and not state.error
        self._page.form.set_possible(free)
        for panel in self._page.panels:
            used = adapter is not None and adapter == self.runner.adapter(panel.training.name)
            panel.show_possible(start=free, use=possible, used=used)

    def _order(self, order: TrainingOrder | None) -> None:
        missing = Doubt(objection=Objection.NO_FOLDER)
        found = missing if order is None else doubt(order, self.runner.store)
        if found is not None or order is None:
            self._say(found or missing)
            return
        try:
            training = self.runner.order(order)
        except CannotSave as error:
            self._tell(error)
            return
        if training is not None and self._page is not None:
            self._page.form.clear()
            self._page.reveal(training.name)

    def _say(self, found: Doubt) -> None:
        if self._page is not None:
            self._page.form.show_doubt(doubt_line(found))

    def _tell(self, error: CannotSave) -> None:
        if self._page is not None:
            self._page.form.show_doubt(f"{said(error.message)} {said(error.remedy)}")

    def _use(self, name: str) -> None:
        path = self.runner.adapter(name)
        for own in self.adapters:
            if own.path == path:
                self._session.use_adapter(own)

    def _open(self, name: str) -> None:
        show_folder(self.runner.store.place(name))

    def _remove(self, name: str) -> None:
        title = self.runner.training(name).order.title
        question = self.tr("Remove the training “{}”, with its adapter? It cannot be brought back.")
        answer = QMessageBox.question(
            self._over(), self.tr("Remove a training"), question.format(title)
        )
        if answer == QMessageBox.StandardButton.Yes:
            try:
                self.runner.remove(name)
            except CannotSave as error:
                self._tell(error)

    def _over(self) -> QWidget:
        """What a question is shown above."""
        return self._window if self._page is None else self._page.window()
