import ast

from tests.architecture.source_files import (
    PACKAGES,
    dotted_names,
    imported_names,
    place,
    python_files,
    syntax,
)

GENERATORS = ("random", "secrets", "numpy.random")
FOREIGN_DRAWS = ("np.random", "numpy.random", "self.random", "self.rng", "model.random", "model.rng")
LIBRARY_EXPONENTIALS = {
    f"{library}.{name}"
    for library in ("np", "numpy", "math")
    for name in ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow", "power", "tanh")
}


def is_within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def test_random_numbers_come_from_one_module():
    foreign = []
    for path in python_files(*PACKAGES):
        if place(path) == "simulation/randomness.py":
            continue
        foreign += [place(path, line) for name, line in imported_names(path) if is_within(name, GENERATORS)]
        foreign += [
            place(path, line)
            for name, line in dotted_names(path)
            if is_within(name, FOREIGN_DRAWS) or ".model.random" in name or name.endswith(".shuffle_do")
        ]
    assert foreign == []


def test_the_model_takes_exponentials_and_logarithms_from_its_own_arithmetic():
    foreign = []
    for path in python_files("simulation"):
        if place(path) == "simulation/arithmetic.py":
            continue
        foreign += [
            place(path, line)
            for name, line in [*imported_names(path), *dotted_names(path)]
            if name in LIBRARY_EXPONENTIALS
        ]
    assert foreign == []


def test_nothing_is_compiled_with_fastmath():
    fast = [
        place(path, node.value.lineno)
        for path in python_files(*PACKAGES)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.keyword) and node.arg == "fastmath"
        if not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]
    assert fast == []


def test_only_one_module_calls_the_compiler():
    compiling = {
        place(path)
        for path in python_files(*PACKAGES)
        for name, _ in imported_names(path)
        if name in {"numba.njit", "numba.jit", "numba.vectorize", "numba.guvectorize"}
    } | {
        place(path)
        for path in python_files(*PACKAGES)
        for name, _ in dotted_names(path)
        if name in {"numba.njit", "numba.jit", "nb.njit", "nb.jit"}
    }
    assert compiling <= {"simulation/compilation.py"}
