import subprocess
import sys
import zipfile

import pytest

from tests.architecture.source_files import PACKAGES, PROJECT, place, project_files


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_every_package(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    expected = {name for path in project_files() if (name := place(path)).split("/")[0] in PACKAGES}
    assert expected
    assert expected - held == set()
