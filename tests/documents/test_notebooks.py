"""Notebooks are kept without outputs and run from the first cell to the last."""

import nbformat
import pytest
from nbclient import NotebookClient

from tests.architecture.source_files import PROJECT

NOTEBOOKS = sorted((PROJECT / "analysis" / "notebooks").glob("*.ipynb"))


def of_code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_a_first_look():
    assert "first-look.ipynb" in {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in of_code(notebook) if cell.outputs or cell.execution_count] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_runs_and_every_cell_that_draws_shows_a_picture(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    here = tmp_path / "analysis" / "notebooks"
    here.mkdir(parents=True)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(here)}}).execute()
    drawing = [cell for cell in of_code(notebook) if "rs.figures." in cell.source]
    assert drawing
    for cell in drawing:
        assert any("image/png" in output.get("data", {}) for output in cell.outputs), cell.source
    assert (tmp_path / "results").is_dir()
