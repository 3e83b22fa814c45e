"""The folder that results go into: made, checked and held by one writer before anything is computed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from simulation.errors import DataError, short_text

__all__ = [
    "DESIGN",
    "FIGURES",
    "JOBS",
    "MANIFEST",
    "TABLES",
    "cannot_write",
    "check_output_folder",
    "dated_folder",
    "held_by_one_writer",
    "sync_folder",
    "unfinished",
]

MANIFEST = "manifest.json"
TABLES = ("runs", "series", "horizons", "regions", "flows", "network", "failures")
FIGURES = "figures"
DESIGN = "design.parquet"
JOBS = "jobs"
LOCK = ".writer.lock"
OURS = {MANIFEST, LOCK, FIGURES, DESIGN, JOBS, *TABLES}
RESULTS = Path("results")


def dated_folder(name: str, now: datetime | None = None) -> Path:
    """Return a folder under ``results`` that does not exist yet: ``results/2026-03-01-141530-baseline``."""
    stamp = (now or datetime.now()).strftime("%Y-%m-%d-%H%M%S")
    folder = RESULTS / f"{stamp}-{name}"
    number = 2
    while folder.exists():
        folder = RESULTS / f"{stamp}-{name}-{number}"
        number += 1
    return folder


def check_output_folder(folder: Path) -> None:
    """Make a folder for results, or see that an existing one can take them.

    Raises
    ------
    DataError
        If it is a file, holds anything that is not a result, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(path.name for path in folder.iterdir() if not _is_ours(path.name))
        if not others:
            _try_to_write(folder)
    except (FileExistsError, NotADirectoryError):
        raise DataError(
            f"{shown(folder)}: is a file, or stands below one; results need a folder. Name another with --out"
        ) from None
    except OSError as error:
        raise cannot_write(folder, error) from None
    if others:
        listed = ", ".join(short_text(name) for name in others[:3]) + (" and others" if len(others) > 3 else "")
        raise DataError(
            f"{shown(folder)}: holds {listed}, which is no result; nothing was written. "
            "Name a new or empty folder with --out"
        )


def _is_ours(name: str) -> bool:
    return name in OURS or name.startswith((f".{MANIFEST}", f".{DESIGN}"))


def _try_to_write(folder: Path) -> None:
    with (folder / LOCK).open("a"):
        pass


def shown(path: Path) -> str:
    """Return a path fit for a message."""
    text = str(path)
    return text if text.isprintable() and len(text) <= 200 else short_text(text)


ANOTHER_FOLDER = "name another folder with --out; finished runs are kept, and the same command goes on from them"


def cannot_write(path: Path, error: OSError, remedy: str = ANOTHER_FOLDER) -> DataError:
    """Return the error for a folder or file that cannot be written, with what to do about it besides making room."""
    reason = error.strerror or error
    return DataError(f"{shown(path)}: cannot be written: {reason}. Make room or permission there, or {remedy}")


@contextmanager
def held_by_one_writer(folder: Path) -> Iterator[None]:
    """Hold a folder for one writing process; the hold ends with the process.

    Where the file system has no locks nothing is held; parts have names of their own, so nothing is lost.

    Raises
    ------
    DataError
        If another process is writing there.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataError(
                f"{shown(folder)}: another command is writing here. Wait for it, or name another folder with --out"
            ) from None
        except OSError:
            pass
        yield


def unfinished(path: Path) -> Path:
    """Return a temporary name beside a file, which no other process has, on whatever machine."""
    return path.with_name(f".{path.name}.{os.urandom(4).hex()}")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
