import json
import subprocess
import sys

import pytest

from tests.architecture.source_files import PROJECT

HEAVY = ["mesa", "numba", "numpy", "pandas", "scipy"]
REPORT_IMPORTS = """
import json, sys
from regioscope.command_line import main
sys.argv[0] = "regioscope"
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print(json.dumps({"code": code or 0, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["scenario", "check", "scenarios/baseline.toml"]],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_command_that_simulates_nothing_imports_no_numerical_library(arguments):
    ran = subprocess.run(
        [sys.executable, "-c", REPORT_IMPORTS, *arguments], cwd=PROJECT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stderr.splitlines()[-1])
    assert report["code"] == 0, ran.stdout + ran.stderr
    assert "regioscope.command_line" in report["modules"]
    assert [name for name in HEAVY if name in report["modules"]] == []
