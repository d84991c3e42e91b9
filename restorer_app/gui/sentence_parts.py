"""What stands inside other sentences: reasons, and what the system says."""

from __future__ import annotations

from restorer_app.gui.translations import QT_TRANSLATE_NOOP

REASONS = (
    QT_TRANSLATE_NOOP("Sentences", "is empty"),
    QT_TRANSLATE_NOOP("Sentences", "is no file but a device"),
    QT_TRANSLATE_NOOP("Sentences", "has no pixels"),
    QT_TRANSLATE_NOOP(
        "Sentences", "is too large: it has {megapixels} megapixels, and {most} is the limit"
    ),
    QT_TRANSLATE_NOOP("Sentences", "may not be read by you"),
    QT_TRANSLATE_NOOP("Sentences", "is a folder, not a picture"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "is a RAW file, which has to be developed first: open it in a RAW developer and"
        " export it as a 16-bit TIFF",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "is a HEIC picture, which this program cannot decode: export it as JPEG or TIFF, or"
        " set the camera to “Most Compatible”",
    ),
    QT_TRANSLATE_NOOP("Sentences", "is not a picture in a format that this program reads"),
    QT_TRANSLATE_NOOP("Sentences", "is damaged or cut short"),
    QT_TRANSLATE_NOOP(
        "Sentences", "is damaged: the part that tells the size of the picture is missing"
    ),
    QT_TRANSLATE_NOOP("Sentences", "is damaged: it uses colours that are not in its palette"),
    QT_TRANSLATE_NOOP("Sentences", "is cut short: part of the picture is missing"),
    QT_TRANSLATE_NOOP("Sentences", "has more than 16 bits per channel"),
    QT_TRANSLATE_NOOP("Sentences", "has an unusual number of channels"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "is packed in a rare way that this program does not know: save it anew in another"
        " program, without compression or with LZW",
    ),
    QT_TRANSLATE_NOOP("Sentences", "stores its colours in an unusual way"),
    QT_TRANSLATE_NOOP("Sentences", "holds no picture"),
    QT_TRANSLATE_NOOP("Sentences", "its own profile"),
    QT_TRANSLATE_NOOP("Sentences", "a SWOP profile, as it has none of its own"),
    QT_TRANSLATE_NOOP("Sentences", "there is no room left on the disk"),
    QT_TRANSLATE_NOOP("Sentences", "your share of the disk is used up"),
    QT_TRANSLATE_NOOP("Sentences", "the disk cannot hold a file that large"),
    QT_TRANSLATE_NOOP("Sentences", "you may not write into this folder"),
    QT_TRANSLATE_NOOP("Sentences", "the disk can only be read"),
    QT_TRANSLATE_NOOP("Sentences", "the folder does not exist"),
    QT_TRANSLATE_NOOP("Sentences", "part of its path is a file, not a folder"),
    QT_TRANSLATE_NOOP("Sentences", "the name is too long"),
    QT_TRANSLATE_NOOP("Sentences", "it is a link that leads in a circle"),
    QT_TRANSLATE_NOOP("Sentences", "the disk allows no such name"),
    QT_TRANSLATE_NOOP("Sentences", "the disk is damaged or was removed"),
    QT_TRANSLATE_NOOP("Sentences", "the disk reports an error"),
    QT_TRANSLATE_NOOP("Sentences", "it has {name}"),
    QT_TRANSLATE_NOOP("Sentences", "it is empty"),
    QT_TRANSLATE_NOOP("Sentences", "another family"),
    QT_TRANSLATE_NOOP("Sentences", "the server"),
    QT_TRANSLATE_NOOP("Sentences", "; did you mean “{entry}”?"),
)
"""As the program words them."""
LOOSE = (
    QT_TRANSLATE_NOOP("Sentences", "“{file}” {state}."),
    QT_TRANSLATE_NOOP("Sentences", "{format} ends at {side} pixels a side"),
    QT_TRANSLATE_NOOP("Sentences", "{format} ends at {most} megapixels"),
    QT_TRANSLATE_NOOP("Sentences", "black"),
    QT_TRANSLATE_NOOP("Sentences", "washed out"),
    QT_TRANSLATE_NOOP("Sentences", "without numbers"),
    QT_TRANSLATE_NOOP("Sentences", "{file} is damaged: {fault}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} was altered: its checksum differs"),
    QT_TRANSLATE_NOOP("Sentences", "{file} has {size} bytes instead of {expected}"),
    QT_TRANSLATE_NOOP("Sentences", "{file} has {size} bytes there instead of {expected}"),
    QT_TRANSLATE_NOOP("Sentences", "it has {size} bytes instead of {expected}"),
    QT_TRANSLATE_NOOP("Sentences", "it is no GGUF file"),
    QT_TRANSLATE_NOOP("Sentences", "it is no safetensors file"),
    QT_TRANSLATE_NOOP("Sentences", "[Errno {number}] {error}: '{path}'"),
    QT_TRANSLATE_NOOP("Sentences", "[Errno {number}] {error}"),
    QT_TRANSLATE_NOOP("Sentences", "No such file or directory"),
    QT_TRANSLATE_NOOP("Sentences", "No space left on device"),
    QT_TRANSLATE_NOOP("Sentences", "Disk quota exceeded"),
    QT_TRANSLATE_NOOP("Sentences", "Permission denied"),
    QT_TRANSLATE_NOOP("Sentences", "Operation not permitted"),
    QT_TRANSLATE_NOOP("Sentences", "Read-only file system"),
    QT_TRANSLATE_NOOP("Sentences", "Input/output error"),
    QT_TRANSLATE_NOOP("Sentences", "Not a directory"),
    QT_TRANSLATE_NOOP("Sentences", "Is a directory"),
    QT_TRANSLATE_NOOP("Sentences", "Directory not empty"),
    QT_TRANSLATE_NOOP("Sentences", "File name too long"),
    QT_TRANSLATE_NOOP("Sentences", "Too many open files"),
    QT_TRANSLATE_NOOP("Sentences", "Cannot allocate memory"),
    QT_TRANSLATE_NOOP("Sentences", "Connection refused"),
    QT_TRANSLATE_NOOP("Sentences", "Connection reset by peer"),
    QT_TRANSLATE_NOOP("Sentences", "Network is unreachable"),
    QT_TRANSLATE_NOOP("Sentences", "No route to host"),
    QT_TRANSLATE_NOOP("Sentences", "Name or service not known"),
    QT_TRANSLATE_NOOP("Sentences", "Temporary failure in name resolution"),
    QT_TRANSLATE_NOOP("Sentences", "timed out"),
)
"""What is put together out of sight of the test that reads the source, and what Linux says."""
