from pathlib import Path

from restorer_app.result_cache import ResultCache


def _file(folder: Path, name: str, size: int = 10) -> Path:
    path = folder / name
    path.write_bytes(bytes(size))
    return path


def test_a_file_that_is_needed_goes_when_it_is_needed_no_more(tmp_path: Path) -> None:
    cache = ResultCache(100)
    needed = {_file(tmp_path, "a")}
    cache.needed = lambda: needed
    (path,) = needed
    cache.keep(path)
    cache.drop(path)
    assert path.exists()
    assert cache.bytes == 0
    needed.clear()
    cache.keep(_file(tmp_path, "b"))
    assert not path.exists()


def test_a_file_that_does_not_fit_stays_while_it_is_needed(tmp_path: Path) -> None:
    cache = ResultCache(15)
    old, new = _file(tmp_path, "old"), _file(tmp_path, "new")
    cache.needed = lambda: {old}
    for path in (old, new):
        cache.keep(path)
    cache.trim([new])
    assert old.exists()
    assert new.exists()
    cache.needed = set
    cache.trim()
    cache.drop(new)
    assert not old.exists()
    assert not new.exists()


def test_at_the_end_all_files_go(tmp_path: Path) -> None:
    cache = ResultCache(100)
    kept, given_up = _file(tmp_path, "kept"), _file(tmp_path, "given up")
    cache.needed = lambda: {given_up}
    for path in (kept, given_up):
        cache.keep(path)
    cache.drop(given_up)
    cache.clear()
    assert not kept.exists()
    assert not given_up.exists()
    assert cache.bytes == 0
