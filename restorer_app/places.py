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


def settings_file() -> Path:
    """For what the user has set in the window."""
    return platformdirs.user_config_path("restorer") / "settings.json"


def state_folder() -> Path:
    """For what has to outlive a crash: the queue, and the log."""
    return platformdirs.user_state_path("restorer")
