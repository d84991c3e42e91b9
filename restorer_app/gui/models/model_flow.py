"""From the models that are here to the page, the choice of a photo and the sign of a download."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import RestorerError
from engine.weights import ModelSpec, models
from restorer_app.gui.models.model_words import size
from restorer_app.gui.models.model_work_words import full_stop
from restorer_app.gui.models.models_page import ModelsPage
from restorer_app.gui.outside import show_page
from restorer_app.gui.sentences.sentence_words import said
from restorer_app.gui.window import MainWindow
from restorer_app.job_queue import JobQueue
from restorer_app.model_cards import ModelCard, free_space, model_cards
from restorer_app.model_downloads import ModelDownloads
from restorer_app.model_store import ModelStore
from restorer_app.model_tasks import Kind, Task, TaskState
from restorer_app.model_tokens import keep_token
from restorer_app.session import Session

log = logging.getLogger(__name__)


class ModelFlow(QObject):
    """Keeps everything in the window that speaks of models true."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        queue: JobQueue,
        store: ModelStore,
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._queue, self._store = window, session, queue, store
        self.downloads = ModelDownloads(store, post)
        self._page: ModelsPage | None = None
        self._cards: list[ModelCard] = []
        self._failed: Task | None = None
        """The download that failed last, until somebody has looked at it."""
        self.downloads.changed.connect(self._follow)
        queue.engine_changed.connect(self._engine_changed)
        session.current_changed.connect(self._show_use)
        session.photo_changed.connect(self._show_use)
        window.adjustments.model_chosen.connect(session.set_model)
        self.refresh()

    @property
    def cards(self) -> Sequence[ModelCard]:
        """The models as they are now, those that come with the program first."""
        return tuple(self._cards)

    def refresh(self) -> None:
        """Look again what is here."""
        self._cards = model_cards(_shipped(), self.downloads.writer, self._queue.machine)
        self._window.adjustments.set_models(self._cards)
        if self._page is not None:
            self._fill(self._page)
        self._show_use()

    def make_page(self) -> ModelsPage:
        """The page of models, which is kept true until it is destroyed."""
        page = self._page = ModelsPage()
        page.destroyed.connect(self._page_gone)
        page.token_given.connect(self._keep_token)
        self.refresh()
        self._failed = None
        self._show_mark()
        return page

    def close(self) -> None:
        """Stop what runs; a download goes on when it is asked for again."""
        self.downloads.close()

    def _page_gone(self) -> None:
        """What has ended was read there."""
        self._page = None
        for card in self._cards:
            self.downloads.forget(card.id)

    def _fill(self, page: ModelsPage) -> None:
        for panel in page.show_cards(self._cards, self._queue.machine):
            panel.show_task(self.downloads.task(panel.card.id))
            panel.download_requested.connect(self._download)
            panel.import_requested.connect(self._import)
            panel.check_requested.connect(self.downloads.check)
            panel.remove_requested.connect(self._remove)
            panel.cancel_requested.connect(self.downloads.cancel)
            panel.use_requested.connect(self._session.set_model)
            panel.licence_requested.connect(show_page)
        page.show_place(self._store.folder, free_space(self._store.folder))

    def _show_use(self, _state: object = None) -> None:
        """Which model the photo on screen is restored with."""
        state = self._session.current
        if state is not None:
            self._window.adjustments.set_model(state.settings.model)
        possible = state is not None and not state.error
        for panel in () if self._page is None else self._page.panels:
            used = state is not None and state.settings.model == panel.card.id
            panel.show_use(possible=possible, used=used)

    def _engine_changed(self, _device: str) -> None:
        self.refresh()

    def _follow(self, task: Task) -> None:
        """Work on a model is further, or has ended."""
        if self._page is not None:
            self._page.show_task(task)
        is_told = self.downloads.task(task.model) is None
        if task.state is TaskState.FAILED and self._page is None and not is_told:
            self._failed = task
        elif self._failed is not None and self._failed.model == task.model:
            self._failed = None
        if task.state.ended:
            self.refresh()
        self._show_mark()

    def _show_mark(self) -> None:
        tasks = list(self.downloads.tasks) or [one for one in (self._failed,) if one is not None]
        title = self.title(tasks[0].model) if tasks else ""
        self._window.models.show_tasks(tasks, title)

    def title(self, model: str) -> str:
        """What a model is called."""
        return next((card.title for card in self._cards if card.id == model), model)

    def _download(self, model: str, variant: str, accepted: bool) -> None:
        self.downloads.download(model, variant, accepted=accepted)

    def _import(self, model: str, accepted: bool) -> None:
        title = self.tr("Import {} from a folder").format(self.title(model))
        name = QFileDialog.getExistingDirectory(self._over(), title)
        if name:
            self.downloads.import_from(model, Path(name), accepted=accepted)

    def _remove(self, model: str) -> None:
        card = next(card for card in self._cards if card.id == model)
        question = self.tr("Remove {} from this computer? It can be downloaded again.")
        if card.bytes:
            question = self.tr(
                "Remove {} from this computer? {} become free; it can be downloaded again."
            )
        text = question.format(card.title, size(card.bytes))
        answer = QMessageBox.question(self._over(), self.tr("Remove a model"), text)
        if answer == QMessageBox.StandardButton.Yes:
            self.downloads.remove(model)

    def _keep_token(self, token: str) -> None:
        if self._page is None:
            return
        try:
            keep_token(token)
        except RestorerError as error:
            words = f"{full_stop(said(error.message))} {said(error.remedy)}"
            self._page.show_token(words, failed=True)
            return
        words = self.tr("The token is kept.") if token else self.tr("The token is forgotten.")
        self._page.show_token(words)

    def _over(self) -> QWidget:
        """What a question is shown above."""
        return self._window if self._page is None else self._page.window()

    @property
    def fetching(self) -> str:
        """The title of the model that is being downloaded; empty for none."""
        kinds = (Kind.DOWNLOAD, Kind.IMPORT)
        return next((self.title(t.model) for t in self.downloads.tasks if t.kind in kinds), "")


def _shipped() -> Sequence[ModelSpec]:
    """The models that come with the program; a damaged catalogue must not lock the window."""
    try:
        return models()
    except RestorerError as error:
        log.warning("the models that ship are left out: %s", error)
        return ()
