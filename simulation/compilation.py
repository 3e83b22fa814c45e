"""Compiling kernels, and keeping what was compiled where a change of code can never meet it.

Numba keeps compiled functions beside the *one* source file they stand in, so a change in a function that
was inlined from another file would go unnoticed. The compiled kernels therefore live in a folder named
after a stamp: the digest of everything that may end up inside them. Another stamp is another folder.
"""

import gc
import hashlib
import os
import platform
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

import llvmlite
import numba
import numpy as np
from numba.core import caching

__all__ = [
    "cache_folder",
    "code_stamp",
    "compile_all",
    "inline_kernel",
    "is_warm",
    "kernel",
    "mark_warm",
    "scalar_kernel",
    "sharing_kernels",
]

SOURCES = Path(__file__).parent
COMPILED = ("arithmetic.py", "compilation.py", "purposes.py", "randomness.py", "kernels/**/*.py")
NEVER_COMPILED = ("errors.py",)
OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
_claims: IO[str] | None = None
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(simulation[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)|import[ \t]+(simulation[\w.]*))",
    re.M,
)


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a function to machine code at its first call, and keep the result in the stamped folder.

    Division by zero follows IEEE 754, sums keep their written order (no fast mathematics), and the
    interpreter's lock is released. What C code would need to call it is not compiled, and another kernel that
    passes a constant calls what is compiled for numbers of its type. With ``NUMBA_DISABLE_JIT=1`` the function
    runs as plain Python.

    Parameters
    ----------
    function : callable
        A function of arrays, scalars and addresses, in a module that is part of the stamp.

    Returns
    -------
    callable
        The compiled function, with the same signature.
    """
    return cast(F, _kept(function))


def inline_kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a function of numbers to machine code that stands in the place of its calls.

    A loop over draws or exponentials can then be worked out for several rows side by side, with the same bits.
    """
    return cast(F, _kept(function, inline=True))


def scalar_kernel[F: Callable[..., Any]](signature: str) -> Callable[[F], F]:
    """Compile as :func:`inline_kernel` does, for one signature, to which all arguments are converted.

    Without it numba compiles one more version for every mixture of constants and integer types that callers
    pass, which is most of the time that a first run takes.

    Parameters
    ----------
    signature : str
        Types as numba writes them, such as ``"float64(float64)"``.
    """

    def compile_at_once(function: F) -> F:
        compiled = _kept(function, inline=True)
        if hasattr(compiled, "disable_compile"):
            compiled.compile(signature)
            compiled.disable_compile()
        return cast(F, compiled)

    return compile_at_once


def _kept(function: Callable[..., Any], inline: bool = False) -> Any:
    compiled = numba.njit(error_model="numpy", fastmath=False, nogil=True, forceinline=inline, no_cfunc_wrapper=True)(
        function
    )
    if hasattr(compiled, "enable_caching"):
        with _numba_cache_at(cache_folder()):
            compiled._cache = _LockedCache(function)
        template = compiled.get_call_template
        compiled.get_call_template = lambda passed, named: template(
            [numba.types.unliteral(each) for each in passed], named
        )
    return compiled


@cache
def code_stamp() -> str:
    """Digest of everything that may end up inside a compiled kernel.

    Returns
    -------
    str
        16 hexadecimal digits over the sources of arithmetic, randomness and kernels with all that these
        import from this package, the versions of numba, llvmlite, numpy and Python, the processor, and
        whether array bounds are checked.
    """
    digest = hashlib.blake2b(digest_size=8)
    for source in _stamped_sources():
        digest.update(f"{source.relative_to(SOURCES).as_posix()}\0".encode())
        digest.update(hashlib.blake2b(source.read_bytes()).digest())
    surroundings = (
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        platform.python_version(),
        sys.implementation.cache_tag,
        platform.machine(),
        _processor(),
        os.environ.get("NUMBA_BOUNDSCHECK", ""),
    )
    digest.update("\0".join(surroundings).encode())
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """The folder that holds the compiled kernels of this very code, made if it is missing.

    ``kernels-<stamp>`` inside ``$NUMBA_CACHE_DIR``, or else inside ``regioscope`` in ``$XDG_CACHE_HOME``
    (``~/.cache``). If that place cannot be written to, a private folder among the temporary files is used,
    and a warning says so.

    Returns
    -------
    pathlib.Path
        A folder that can be written to.
    """
    wanted = _chosen_parent() / f"kernels-{code_stamp()}"
    if _can_write(wanted):
        return wanted
    instead = _private_temporary_folder() / wanted.name
    instead.mkdir(parents=True, exist_ok=True)
    warnings.warn(
        f"{wanted} cannot be written to; compiled kernels are kept in {instead} and may be lost at the next "
        "restart. Set NUMBA_CACHE_DIR to a folder that can be written to.",
        RuntimeWarning,
        stacklevel=2,
    )
    return instead


def is_warm() -> bool:
    """Whether :func:`compile_all` has finished for this very code, so that little is left to compile."""
    return _marker().exists()


def mark_warm() -> None:
    """Note that every kernel has been compiled and kept."""
    with tempfile.NamedTemporaryFile("w", dir=cache_folder(), delete=False) as note:
        note.write("every kernel is compiled\n")
    Path(note.name).replace(_marker())


def compile_all(
    steps: Iterable[tuple[str, Callable[[], object]]],
    announce: Callable[[str, int, int], None],
    meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run the steps that compile the kernels, once for this very code on this machine.

    Processes that start at once wait for the first of them, which compiles, and then read what it has kept.

    Parameters
    ----------
    steps : iterable of (str, callable)
        What is compiled, for the reader, and a call of it on small arguments.
    announce : callable
        Called before each step with its name, its number from 1 and the number of steps. Not called when
        nothing is to be done.
    meanwhile : callable
        Gives a context in which something else compiles within :func:`sharing_kernels`.
    """
    if is_warm():
        return
    with _lock(cache_folder() / "compile.lock"):
        if is_warm():
            return
        listed = list(steps)
        with _rare_collection(), sharing_kernels(), meanwhile():
            for number, (name, step) in enumerate(listed, start=1):
                announce(name, number, len(listed))
                step()
        mark_warm()


@contextmanager
def sharing_kernels() -> Iterator[None]:
    """Wait, for each kernel that another process within this context compiles, and read what that one has kept."""
    global _claims
    if sys.platform == "win32" or _claims is not None:
        yield
        return
    with (cache_folder() / "claims.lock").open("a") as _claims:
        try:
            yield
        finally:
            _claims = None


class _LockedCache(caching.FunctionCache):  # type: ignore[misc]
    """Numba's file cache; only one process at a time may add to it.

    Numba numbers the files of a function's signatures by counting the known ones, so two processes that
    each add another signature at the same moment would write to the same file.
    """

    def load_overload(self, sig: object, target_context: object) -> Any:
        kept = super().load_overload(sig, target_context)
        if kept is None and _claims is not None:
            self._claim(sig, "LOCK_EX")
            kept = super().load_overload(sig, target_context)
            if kept is not None:
                self._claim(sig, "LOCK_UN")
        return kept

    def save_overload(self, sig: object, data: object) -> None:
        with _lock(cache_folder() / "save.lock"):
            super().save_overload(sig, data)
        self._claim(sig, "LOCK_UN")

    def _claim(self, sig: object, what: str) -> None:
        """Lock or unlock the byte that stands for one signature of this function."""
        if sys.platform == "win32" or _claims is None:
            return
        import fcntl

        name = f"{self._impl.filename_base}{sig}".encode()
        place = int.from_bytes(hashlib.blake2b(name, digest_size=4).digest())
        with suppress(OSError):
            fcntl.lockf(_claims, getattr(fcntl, what), 1, place)


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage rarely: the compiler makes objects by the million, and every look at those in use costs."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _numba_cache_at(folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a file lock, which ends with the process; where there are none (some network disks), go on."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with path.open("a") as held:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _stamped_sources() -> list[Path]:
    """Arithmetic, randomness, the kernels, and every module of ours that these import, directly or not."""
    waiting = [source for pattern in COMPILED for source in SOURCES.glob(pattern)]
    found: set[Path] = set()
    while waiting:
        source = waiting.pop()
        if source not in found and source.relative_to(SOURCES).as_posix() not in NEVER_COMPILED:
            found.add(source)
            waiting += _imported_sources(source.read_text(encoding="utf-8"))
    return sorted(found)


def _imported_sources(text: str) -> list[Path]:
    names: list[str] = []
    for origin, imported, module in IMPORT.findall(text):
        names += [origin or module, *(f"{origin}.{name}" for name in re.findall(r"\w+", imported))]
    places = [SOURCES.joinpath(*name.split(".")[1:]) for name in names]
    candidates = [place / "__init__.py" for place in places] + [place.with_suffix(".py") for place in places]
    return [source for source in candidates if source.is_file()]


def _marker() -> Path:
    """Named after where the sources are and when they changed: numba recompiles when either differs."""
    digest = hashlib.blake2b(digest_size=8)
    for source in _stamped_sources():
        digest.update(f"{source.resolve()}\0{source.stat().st_mtime_ns}\0".encode())
    return cache_folder() / f"warm-{digest.hexdigest()}"


def _chosen_parent() -> Path:
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen)
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home) / "regioscope"
    return Path("~").expanduser() / ".cache" / "regioscope"


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _private_temporary_folder() -> Path:
    """A folder that only this user can write to, since what is kept there will be run."""
    if not hasattr(os, "getuid"):
        return Path(tempfile.gettempdir()) / "regioscope"
    shared = Path(tempfile.gettempdir()) / f"regioscope-{os.getuid()}"
    try:
        shared.mkdir(mode=0o700, exist_ok=True)
        owner = shared.lstat()
        if owner.st_uid == os.getuid() and not shared.is_symlink() and owner.st_mode & 0o022 == 0:
            return shared
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="regioscope-"))


def _processor() -> str:
    return str(llvmlite.binding.get_host_cpu_name())
