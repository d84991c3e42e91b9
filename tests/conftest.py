"""For all tests: they neither see nor change what belongs to the user who runs them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

_PLACES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


@pytest.fixture(autouse=True, scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Folders of a user who has never run the program; child processes inherit them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in _PLACES:
            patch.setenv(name, str(home / name.lower()))
        patch.delenv("RESTORER_MODELS", raising=False)
        yield
