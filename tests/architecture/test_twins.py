from tests.architecture.source_files import (
    PROJECT,
    decorated_functions,
    functions,
    imported_names,
    place,
    python_files,
)

REFERENCE = PROJECT / "tests" / "reference"


def test_every_kernel_has_a_twin_of_the_same_name():
    missing = []
    for path in python_files("simulation/kernels"):
        twin = REFERENCE / path.name
        twins = functions(twin) if twin.exists() else set()
        compiled = decorated_functions(path, "kernel") | decorated_functions(path, "inline_kernel")
        missing += [f"{place(path)}: {name}" for name in sorted(compiled - twins)]
    assert missing == []


def test_a_twin_is_written_without_the_kernels_and_without_the_compiler():
    leaning = [
        place(path, line)
        for path in sorted(REFERENCE.rglob("*.py"))
        for name, line in imported_names(path)
        if name.startswith("simulation.kernels") or name.split(".")[0] == "numba"
    ]
    assert leaning == []
