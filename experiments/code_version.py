"""Which code, packages and machine a result comes from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["code_version", "is_dirty", "machine", "package_versions", "simulation_digest"]

PROJECT = "regioscope"
PACKAGES = ("numpy", "scipy", "numba", "llvmlite", "mesa", "pydantic", "pandas", "pyarrow")


def _simulation_folder() -> Path:
    package = find_spec("simulation")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package simulation is nowhere on the path: install regioscope again")
    return Path(package.origin).parent


@cache
def simulation_digest() -> str:
    """Digest of the sources of ``simulation``: a change of the model makes every run another run."""
    folder = _simulation_folder()
    digest = hashlib.blake2b(digest_size=16)
    for source in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(f"{source.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.blake2b(source.read_bytes()).digest())
    return digest.hexdigest()


@cache
def code_version() -> str:
    """Version of the project, with the commit where it runs from a checkout: ``0.1.0+gb6cb002.dirty``."""
    try:
        version = importlib.metadata.version(PROJECT)
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    described = _described_by_git(_simulation_folder().parent)
    return f"{version}+{described}" if described else version


def is_dirty() -> bool:
    """Whether the checkout had changes that no commit holds."""
    return code_version().endswith(".dirty")


def _described_by_git(checkout: Path) -> str:
    if not (checkout / ".git").exists():
        return ""
    command = ["git", "-C", str(checkout), "describe", "--always", "--dirty=.dirty", "--exclude=*"]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True, env=environment)
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"g{ran.stdout.strip()}"


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that results may depend on."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def machine() -> dict[str, str]:
    """Processor and system."""
    return {"cpu": _processor(), "architecture": platform.machine(), "system": platform.system()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
