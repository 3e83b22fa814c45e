import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: what fails here fails for everyone. Compilation would break any deadline.
settings.register_profile("reproducible", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("reproducible")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden run")


@pytest.fixture(scope="session")
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder of the public data sets that REGIOSCOPE_DATA names."""
    named = os.environ.get("REGIOSCOPE_DATA", "")
    if not named:
        pytest.skip("REGIOSCOPE_DATA is not set: it names the folder with the regional data sets")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"REGIOSCOPE_DATA names {named!r}, which is not a folder: correct it or unset it")
    return folder
