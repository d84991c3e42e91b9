"""Whose work is in the program."""

from __future__ import annotations

from restorer_app.licences import ROOTS, libraries


def test_every_library_names_its_licence_and_brings_its_text() -> None:
    found = {library.name.lower().replace("_", "-"): library for library in libraries()}
    assert next(iter(found)) == ROOTS[0]
    for name in ("python", "torch", "numpy", "pillow", "pyside6-essentials", "mtcnn", "diffusers"):
        assert found[name].texts, name
    for library in found.values():
        assert library.licence, library.name
    assert found["restorer"].licence == "Apache-2.0"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in found["pyside6-essentials"].texts[0]
    assert "pytest" not in found
