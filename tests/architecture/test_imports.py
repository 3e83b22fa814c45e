import ast
import subprocess
import sys

from tests.architecture.source_files import PACKAGES, PROJECT, imported_names, place, python_files, syntax

LINT = """
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(no_cache=True, no_logo=True))
"""


def test_the_import_contracts_of_pyproject_hold():
    judged = subprocess.run([sys.executable, "-c", LINT], cwd=PROJECT, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_in_the_simulation_only_the_model_and_the_agents_name_mesa():
    importing = {
        place(path)
        for path in python_files("simulation")
        for name, _ in imported_names(path)
        if name.split(".")[0] == "mesa"
    }
    assert importing <= {"simulation/model.py", "simulation/agents.py"}


def test_an_import_statement_spells_the_path_of_the_file():
    relative = [
        place(path, node.lineno)
        for path in python_files(*PACKAGES)
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []
