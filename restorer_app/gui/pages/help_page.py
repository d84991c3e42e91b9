"""The manual, shown inside the program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from engine.resources import resource
from restorer_app.gui.look.theme import columns, px

PAGES = ("start", "comparing", "presets", "models", "training", "batch", "privacy")
_WIDTH = 190


class HelpPage(QWidget):
    """A list of pages beside the page that is read; links lead from page to page.

    Pages are Markdown files in `folder`, those of other languages in a folder named by the
    language's code; a page that is not translated is shown in English.
    """

    def __init__(
        self, folder: Path | None = None, language: str = "en", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder or resource("help")
        self._language = language
        self._list = QListWidget()
        self._text = QTextBrowser()
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._follow)
        self._list.currentItemChanged.connect(self._show_item)
        layout = columns(gap=8)
        layout.addWidget(self._list)
        layout.addWidget(self._text, 1)
        self.setLayout(layout)
        self._fill()
        self.show_page(PAGES[0])

    @property
    def page(self) -> str:
        """The page that is shown."""
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def text(self) -> str:
        """The page as plain text."""
        return self._text.toPlainText()

    def show_page(self, name: str) -> None:
        """Show one of `PAGES`; an unknown name changes nothing."""
        if name in PAGES:
            self._list.setCurrentRow(PAGES.index(name))

    def set_language(self, language: str) -> None:
        """Show the pages in another language."""
        page = self.page
        self._language = language
        self._fill()
        self.show_page(page)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._list.setFixedWidth(px(_WIDTH))
        elif event.type() == QEvent.Type.LanguageChange:
            self._name_parts()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        super().showEvent(event)
        # The stylesheet, which makes the lines higher, is in force only now.
        self._list.scheduleDelayedItemsLayout()

    def _fill(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for name in PAGES:
            item = QListWidgetItem(_title(self._source(name)))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._list.setFixedWidth(px(_WIDTH))
        self._name_parts()

    def _name_parts(self) -> None:
        self._list.setAccessibleName(self.tr("Pages of the manual"))
        self._text.setAccessibleName(self.tr("Manual"))

    def _show_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._text.setMarkdown(self._source(item.data(Qt.ItemDataRole.UserRole)))

    def _source(self, name: str) -> str:
        own = self._folder / self._language / f"{name}.md"
        path = own if own.is_file() else self._folder / f"{name}.md"
        return path.read_text(encoding="utf-8")

    def _follow(self, link: QUrl) -> None:
        self.show_page(link.path().removesuffix(".md"))


def _title(source: str) -> str:
    """The heading of a page."""
    return source.splitlines()[0].lstrip("# ").strip()
