import gc
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numba
import numpy as np
import pytest

from simulation import compilation
from simulation.compilation import cache_folder, code_stamp, compile_all, is_warm, kernel, mark_warm

PROJECT = Path(__file__).resolve().parents[2]
DRAW = """
import numpy as np
from simulation.randomness import uniform, stream_key
from simulation.compilation import cache_folder
draw = uniform(stream_key(1, 0), 1, 2, np.uint64(3), 4)
print(cache_folder(), draw, sum(uniform.stats.cache_hits.values()), sum(uniform.stats.cache_misses.values()))
"""

SHARES = """
from simulation.compilation import sharing_kernels
with sharing_kernels():
    from simulation.randomness import uniform
print(sum(uniform.stats.cache_hits.values()), sum(uniform.stats.cache_misses.values()))
"""


@kernel
def _ratio(a: float, b: float) -> float:
    return a / b


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache of its own for the functions of the module that ask for the folder."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache_folder.cache_clear()
    yield tmp_path
    cache_folder.cache_clear()


def start(code, **environment):
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out, err


def compiled_files(folder):
    return sorted(folder.rglob("*.nbc"))


def test_a_kernel_divides_by_zero_as_ieee_754_says():
    assert _ratio(1.0, 0.0) == np.inf


def test_compiled_kernels_are_kept_in_the_stamped_folder_and_read_by_the_next_process(tmp_path):
    first, _ = finish(start(DRAW, NUMBA_CACHE_DIR=str(tmp_path)))
    folder, draw, hits, misses = first.split()
    assert Path(folder) == tmp_path / f"kernels-{code_stamp()}"
    assert (hits, misses) == ("0", "1")
    kept = compiled_files(Path(folder))
    assert any("randomness.uniform" in file.name for file in kept)
    second, _ = finish(start(DRAW, NUMBA_CACHE_DIR=str(tmp_path)))
    assert second.split() == [folder, draw, "1", "0"]
    assert compiled_files(tmp_path) == kept


def test_processes_that_start_at_once_on_an_empty_cache_agree_and_leave_it_whole(tmp_path):
    outs = [finish(p)[0] for p in [start(DRAW, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(3)]]
    assert len({tuple(out.split()[:2]) for out in outs}) == 1
    assert finish(start(DRAW, NUMBA_CACHE_DIR=str(tmp_path)))[0].split()[2:] == ["1", "0"]


def test_processes_that_share_kernels_compile_each_of_them_once(tmp_path):
    outs = [finish(p)[0].split() for p in [start(SHARES, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(3)]]
    assert sorted(outs) == [["0", "1"], ["1", "0"], ["1", "0"]]


def test_checking_array_bounds_has_its_own_folder(tmp_path):
    code = "from simulation.compilation import code_stamp; print(code_stamp())"
    checked, _ = finish(start(code, NUMBA_CACHE_DIR=str(tmp_path), NUMBA_BOUNDSCHECK="1"))
    plain, _ = finish(start(code, NUMBA_CACHE_DIR=str(tmp_path), NUMBA_BOUNDSCHECK=""))
    assert checked != plain


def test_the_stamp_follows_the_imports_of_the_kernels_and_nothing_else(tmp_path, monkeypatch):
    sources = {
        "kernels/search.py": "from simulation.schemas import (\n  Kind,\n)\nfrom simulation import places\n",
        "randomness.py": "import simulation.arithmetic\n",
        "arithmetic.py": "",
        "schemas.py": "from simulation.state import NOBODY\nfrom simulation.errors import DataError\n",
        "state.py": "NOBODY = -1\n",
        "places/__init__.py": "",
    }
    others = {"model.py": "from simulation.kernels import search\n", "errors.py": ""}
    for name, text in (sources | others).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(compilation, "SOURCES", tmp_path)
    stamps = [code_stamp.__wrapped__()]
    for name, text in sources.items():
        (tmp_path / name).write_text(text + "# changed\n")
        stamps.append(code_stamp.__wrapped__())
    assert len(set(stamps)) == 1 + len(sources)
    for name in others:
        (tmp_path / name).write_text("# changed\n")
    assert code_stamp.__wrapped__() == stamps[-1]


def test_every_module_that_compiles_a_function_is_part_of_the_stamp():
    stamped = set(compilation._stamped_sources())
    compiling = {file for file in (PROJECT / "simulation").rglob("*.py") if "\n@kernel" in file.read_text()}
    assert PROJECT / "simulation" / "randomness.py" in compiling
    assert compiling <= stamped


def test_the_users_own_numba_settings_are_left_alone():
    before = numba.config.CACHE_DIR
    kernel(lambda x: x + 1)
    assert before == numba.config.CACHE_DIR


def test_without_a_chosen_folder_the_cache_follows_the_xdg_rule(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder.__wrapped__() == tmp_path / "regioscope" / f"kernels-{code_stamp()}"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder.__wrapped__().parent == tmp_path / ".cache" / "regioscope"


def test_a_folder_that_cannot_be_written_is_replaced_with_a_note(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr(compilation.tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.warns(RuntimeWarning, match="Set NUMBA_CACHE_DIR"):
        instead = cache_folder.__wrapped__()
    assert instead.is_relative_to(tmp_path / "temporary")
    assert instead.parent.stat().st_mode & 0o077 == 0


def test_a_temporary_folder_that_others_could_write_to_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(compilation.tempfile, "tempdir", str(tmp_path))
    planted = tmp_path / f"regioscope-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    assert compilation._private_temporary_folder() != planted


def test_compiling_announces_each_step_once_and_never_again(own_cache):
    announced, done = [], []
    steps = [(name, lambda name=name: done.append(name)) for name in ("search", "matching")]
    assert not is_warm()
    compile_all(steps, lambda *step: announced.append(step))
    assert is_warm()
    compile_all(steps, lambda *step: announced.append(step))
    assert announced == [("search", 1, 2), ("matching", 2, 2)]
    assert done == ["search", "matching"]


def test_the_collector_of_garbage_looks_rarely_while_kernels_are_compiled_and_as_before_afterwards(own_cache):
    before = gc.get_threshold()
    seen = []
    compile_all([("step", lambda: seen.append(gc.get_threshold()[0]))], lambda *step: None)
    assert seen[0] > 100 * before[0]
    assert gc.get_threshold() == before


def test_a_compilation_that_failed_is_tried_again(own_cache):
    def fail():
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        compile_all([("search", fail)], lambda *step: None)
    assert not is_warm()
    mark_warm()
    assert is_warm()


def test_sources_that_moved_or_were_touched_count_as_cold(own_cache, tmp_path, monkeypatch):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    (moved / "arithmetic.py").write_text("A = 1\n")
    monkeypatch.setattr(compilation, "SOURCES", moved)
    mark_warm()
    assert is_warm()
    os.utime(moved / "arithmetic.py", (1, 1))
    assert not is_warm()


def test_no_warning_is_given_when_the_folder_can_be_written(own_cache):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cache_folder().is_relative_to(own_cache)
