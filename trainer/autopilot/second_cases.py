"""Pictures whose damage is known, for the judges of the autopilot's second look.

As in `autopilot_cases`, but each judge has to tell one kind of damage, down to its faintest, from
what looks most like it.
"""

from __future__ import annotations

from trainer.autopilot.cases import CASES, CLEAN, GOOD_JPEG, Case, Steps

_SOFT = ("gaussian_blur", {"sigma": (0.3, 1.6), "stretch": (1.0, 1.0)})
_FAINT = ("camera_noise", {"shot": (0.0004, 0.003), "read": (0.0005, 0.003), "smooth": (0.2, 0.75)})
_FELT = ("fibrous", {"contrast": (0.03, 0.15), "width": (0.6, 2.2), "length": (1.2, 7)})
_BEST_JPEG = ("jpeg", {"quality": (88.0, 99.0)})

_NOISY_CASES: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "denoise")),
    Case("clean-soft", CLEAN, (_SOFT, _BEST_JPEG), shrink=(0.5, 1.0)),
    Case("clean-part", CLEAN, (_SOFT, _BEST_JPEG), shrink=(0.8, 1.0), part=(0.25, 0.6)),
    Case(
        "clean-woven-jpeg",
        CLEAN,
        (("woven", {"contrast": (0.05, 0.5), "period": (2.5, 12)}), _BEST_JPEG),
        shrink=(0.5, 1.0),
    ),
    Case("clean-felt-jpeg", CLEAN, (_FELT, _BEST_JPEG), shrink=(0.5, 1.0)),
    Case(
        "faint-part",
        "denoise",
        (_SOFT, _FAINT, _BEST_JPEG),
        shrink=(0.8, 1.0),
        part=(0.25, 0.6),
    ),
    Case("faint", "denoise", (_FAINT,), shrink=(0.4, 1.0)),
    Case("faint-jpeg", "denoise", (_FAINT, _BEST_JPEG), shrink=(0.4, 1.0)),
    Case("faint-soft", "denoise", (_SOFT, _FAINT), shrink=(0.4, 1.0)),
    Case("faint-soft-jpeg", "denoise", (_SOFT, _FAINT, _BEST_JPEG), shrink=(0.4, 1.0), times=2),
)
"""Loud noise, and a good camera's as its JPEG shows it at full size, where hardly anything is
sharp; and texture, regular and fibrous, which looks like it."""

_SOFTISH = ("gaussian_blur", {"sigma": (0.3, 1.3), "stretch": (1.0, 1.0)})

_BLURRED_CASES: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "deblur")),
    Case("clean-soft", CLEAN, (_SOFTISH, _BEST_JPEG), shrink=(0.5, 1.0)),
    Case("soft-faint", CLEAN, (_SOFTISH, _FAINT, _BEST_JPEG), shrink=(0.5, 1.0)),
    Case(
        "motion-jpeg",
        "deblur",
        (("motion_blur", {"length": (5, 24), "bend": (0, 1.2)}), *GOOD_JPEG),
        shrink=(0.4, 1.0),
    ),
    Case(
        "scene",
        "deblur",
        (("scene_motion", {"reach": (4, 22), "turn": (0, 0.08), "thing": (0.35, 0.35)}),),
        shrink=(0.4, 0.6),
    ),
)
"""Blur of every kind, and photos that are no softer than a camera or a lens leaves them."""

_HAZY_CASES: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "dehaze")),
    Case("clean-graded", CLEAN, (("graded", {"amount": (0.2, 0.8)}),)),
    Case("clean-faint", CLEAN, (_FAINT, _BEST_JPEG)),
    Case("clean-part", CLEAN, (), shrink=(0.8, 1.0), part=(0.12, 0.4), times=2),
    Case("clean-part-faint", CLEAN, (_FAINT, _BEST_JPEG), shrink=(0.8, 1.0), part=(0.2, 0.5)),
    Case(
        "veil",
        "dehaze",
        (("veil", {"density": (1.0, 2.6), "airlight": (0.65, 1), "glow": (0, 0.4)}),),
        times=2,
    ),
    Case(
        "veil-light",
        "dehaze",
        (("veil", {"density": (0.5, 1.1), "airlight": (0.65, 1), "glow": (0, 0.4)}),),
    ),
    Case(
        "veil-noise",
        "dehaze",
        (
            ("veil", {"density": (0.6, 2.2), "airlight": (0.65, 1), "glow": (0, 0.4)}),
            ("gaussian_noise", {"sigma": (0.5, 5)}),
            *GOOD_JPEG,
        ),
    ),
)
"""Haze of two kinds, and photos of whatever taste without any; among them close-ups, in which often
nothing is dark."""


_DARK = {"gamma": (0.85, 1.3), "noise": (0.0001, 0.004)}


_DARK_CASES: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "low-light")),
    Case("clean-graded", CLEAN, (("graded", {"amount": (0.2, 0.8)}),), times=2),
    Case("clean-part", CLEAN, (), shrink=(0.8, 1.0), part=(0.12, 0.4), times=2),
    Case("clean-part-faint", CLEAN, (_FAINT, _BEST_JPEG), shrink=(0.8, 1.0), part=(0.2, 0.5)),
    Case("dark-mild", "low-light", (("low_light", {"exposure": (0.06, 0.25), **_DARK}),), times=2),
    Case("dark-jpeg", "low-light", (("low_light", {"exposure": (0.02, 0.2), **_DARK}), *GOOD_JPEG)),
)
"""Photos underexposed by two to six stops, and photos of whatever taste that are not; among them
close-ups, which may be of dark things."""

_CLEAN_OR_NOISY: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "denoise")),
    Case("clean-part", CLEAN, (), shrink=(0.8, 1.0), part=(0.12, 0.4)),
    Case("clean-faint", CLEAN, (_FAINT, _BEST_JPEG), shrink=(0.4, 1.0)),
    Case("clean-felt-jpeg", CLEAN, (_FELT, _BEST_JPEG), shrink=(0.5, 1.0)),
)
_FAINT_RAIN = ("rain", {"amount": (0.01, 0.12), "length": (6, 40), "opacity": (0.25, 1)})
_FEW_FLAKES = ("snow", {"amount": (0.003, 0.05), "size": (1.5, 8), "veil": (0, 0.04)})

_RAINY_CASES: tuple[Case, ...] = (
    *_CLEAN_OR_NOISY,
    *(case for case in CASES if case.wanted == "derain"),
    Case("rain-faint", "derain", (_FAINT_RAIN,), times=4),
    Case("rain-jpeg", "derain", (_FAINT_RAIN, *GOOD_JPEG), times=4),
    Case("flakes", "desnow", (_FEW_FLAKES,)),
)
_SNOWY_CASES: tuple[Case, ...] = (
    *_CLEAN_OR_NOISY,
    *(case for case in CASES if case.wanted == "desnow"),
    Case("snow-few", "desnow", (_FEW_FLAKES,), times=4),
    Case("snow-jpeg", "desnow", (_FEW_FLAKES, *GOOD_JPEG), times=4),
    Case("streaks", "derain", (_FAINT_RAIN,)),
)
"""Rain and snow down to a little of it, each beside the other, noise, and texture."""

_WORN = {"count": (8.0, 45.0), "width": (1.5, 6.0), "opacity": (0.5, 1.0)}
_FEW = {"count": (3.0, 12.0), "width": (1.5, 6.0), "opacity": (0.5, 1.0)}
_SCANNED: Steps = (("gaussian_blur", {"sigma": (0.3, 1.2), "stretch": (0.8, 1.0)}), *GOOD_JPEG)
_GRAY = ("monochrome", {"tone": (0.0, 1.0)})
_GRAIN = ("film_grain", {"sigma": (1.0, 8.0), "size": (0.3, 1.2)})
_WIRES = ("straight_things", {"count": (2.0, 10.0), "width": (2.0, 10.0)})

_PRINTED_CASES: tuple[Case, ...] = (
    *(case for case in CASES if case.wanted in (CLEAN, "denoise", "derain", "desnow")),
    Case("clean-part", CLEAN, (), shrink=(0.8, 1.0), part=(0.2, 0.6), times=2),
    Case("clean-wires", CLEAN, (_WIRES, *GOOD_JPEG), times=2),
    Case("clean-print", CLEAN, (_GRAY, _GRAIN, *_SCANNED), times=2),
    Case("drawing", CLEAN, (), drawn=True, times=2),
    Case("drawing-jpeg", CLEAN, GOOD_JPEG, drawn=True, times=2),
    Case("scratched", "old-photo", (("wear", _WORN),), times=2),
    Case("scratched-few", "old-photo", (("wear", _FEW), *GOOD_JPEG), times=5),
    Case("scratched-scan", "old-photo", (_GRAIN, ("wear", _WORN), *_SCANNED), times=2),
    Case("scratched-few-scan", "old-photo", (_GRAIN, ("wear", _FEW), *_SCANNED), times=5),
    Case("flaked", "old-photo", (_GRAY, ("flaked", _WORN), *GOOD_JPEG), times=2),
    Case("flaked-few", "old-photo", (_GRAY, ("flaked", _FEW), *GOOD_JPEG), times=3),
    Case("flaked-scan", "old-photo", (_GRAY, _GRAIN, ("flaked", _WORN), *_SCANNED), times=3),
)
"""Prints with marks, as scanners show them, and photos and drawings with lines of their own."""

SECOND_CASES: dict[str, tuple[Case, ...]] = {
    "denoise": _NOISY_CASES,
    "deblur": _BLURRED_CASES,
    "dehaze": _HAZY_CASES,
    "low-light": _DARK_CASES,
    "old-photo": _PRINTED_CASES,
    "derain": _RAINY_CASES,
    "desnow": _SNOWY_CASES,
}
"""What the judges of the second look are fitted on, by task."""
