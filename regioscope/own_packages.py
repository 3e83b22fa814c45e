"""The packages that stand beside this one, and what happens when a user's own file has the name of one."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["OWN_PACKAGES", "see_that_nothing_hides_them"]

OWN_PACKAGES = ("analysis", "experiments", "simulation", "scenarios")


def see_that_nothing_hides_them() -> None:
    """Check that each name leads to the package beside this one.

    Raises
    ------
    ImportError
        If a file or folder of the user's comes first, with its name and what to do.
    """
    beside = Path(__file__).resolve().parent.parent
    for name in OWN_PACKAGES:
        found = _found(name)
        if found is not None and found.resolve() != beside / name / "__init__.py":
            raise ImportError(
                f"{found} hides the package {name!r} of regioscope, which is looked for by that name. Rename "
                f"the file (and restart Python), or start Python in another folder"
            )


def _found(name: str) -> Path | None:
    """Return the file that a name leads to; None where it leads to nothing that can be imported."""
    loaded = sys.modules.get(name)
    try:
        spec = loaded.__spec__ if loaded is not None else find_spec(name)
    except (ImportError, ValueError):
        return None
    origin = getattr(loaded, "__file__", None) or (spec.origin if spec is not None else None)
    return None if origin in (None, "built-in", "frozen") else Path(str(origin))
