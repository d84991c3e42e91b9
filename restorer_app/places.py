"""Where the program keeps what belongs to its user."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """For what can be made again. On a disk: the system's temporary folder is often memory."""
    return platformdirs.user_cache_path("restorer")


def preset_folder() -> Path:
    """For the user's own presets, one file each."""
    return platformdirs.user_config_path("restorer") / "presets"
