"""What the architecture tests read: the files of the project and the names in them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("regioscope", "analysis", "experiments", "simulation", "scenarios")


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((PROJECT / folder).rglob("*.py"))]
    assert found, f"no Python files in {folders}"
    return found


def project_files() -> list[Path]:
    """Every file that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listed.split("\0") if name and (path := PROJECT / name).is_file()]


def place(path: Path, line: int | None = None) -> str:
    name = path.relative_to(PROJECT).as_posix()
    return name if line is None else f"{name}:{line}"


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_names(path: Path) -> Iterator[tuple[str, int]]:
    """Every dotted name that the file imports, with its line; `from a import b` gives a.b."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def dotted_names(path: Path) -> Iterator[tuple[str, int]]:
    """Every attribute chain that starts at a name, such as np.random.default_rng, with its line."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Attribute) and (name := _dotted(node)):
            yield name, node.lineno


def decorated_functions(path: Path, decorator: str) -> set[str]:
    return {
        node.name
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef) and any(_is_named(mark, decorator) for mark in node.decorator_list)
    }


def functions(path: Path) -> set[str]:
    return {node.name for node in syntax(path).body if isinstance(node, ast.FunctionDef)}


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := _dotted(node.value)):
        return f"{left}.{node.attr}"
    return None


def _is_named(mark: ast.expr, decorator: str) -> bool:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return (_dotted(called) or "").split(".")[-1] == decorator
