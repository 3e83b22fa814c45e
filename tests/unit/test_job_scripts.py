import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from experiments import job_scripts
from experiments.job_arrays import QueueWishes, StudyJobs, minutes_of, read_prelude, sized
from experiments.job_scripts import SCHEDULERS, job_script
from simulation.compilation import cache_folder
from simulation.errors import UsageError
from tests.tiny_study import sorted_runs, write_tiny_study

HOUR = 3600.0
NUMBER_OF_TASK = {
    "slurm": "SLURM_ARRAY_TASK_ID",
    "pbs": "PBS_ARRAY_INDEX",
    "sge": "SGE_TASK_ID",
    "lsf": "LSB_JOBINDEX",
}


def work(**changes):
    plain = StudyJobs(
        study="brokers", name="brokers", out=Path("out"), jobs=1, processor_seconds=HOUR, run_seconds=1.0, units=1000
    )
    return replace(plain, **changes)


def script(scheduler, **changes):
    return job_script(sized(work(**changes)), scheduler)


def directives(text, mark):
    return [line.removeprefix(mark + " ") for line in text.splitlines() if line.startswith(mark + " ")]


@pytest.fixture(name="prints_its_arguments")
def program_that_prints_its_arguments(tmp_path, monkeypatch):
    program = tmp_path / "python"
    program.write_text("#!/bin/bash\necho \"$@\"\nenv | grep -E 'THREADS|NUMBA_CACHE_DIR|GREETING'\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def run(text, **environment):
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return subprocess.run(
        ["bash", "-s"], input=text, capture_output=True, text=True, check=False, env={**kept, **environment}
    )


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_every_script_is_bash_and_runs_the_shard_that_the_queue_names(scheduler, prints_its_arguments):
    text = script(scheduler, study="a study.toml", jobs=1, wishes=QueueWishes(prelude='export GREETING="good day"'))
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0
    printed = run(text, **{NUMBER_OF_TASK[scheduler]: "3"})
    assert printed.stderr == ""
    lines = printed.stdout.splitlines()
    assert lines[0] == "-P -m regioscope sweep a study.toml --out out --jobs 1 --shard 3/6"
    assert "GREETING=good day" in lines
    assert "OMP_NUM_THREADS=1" in lines
    assert "NUMBA_NUM_THREADS=1" in lines


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_the_last_line_becomes_the_sweep_so_that_signals_reach_it(scheduler):
    last = script(scheduler).splitlines()[-1]
    assert last.startswith("exec ")


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_script_started_without_a_queue_says_what_to_do(scheduler, prints_its_arguments):
    printed = run(script(scheduler))
    assert printed.returncode != 0
    assert "submit this file with" in printed.stderr


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_wishes_become_directives(scheduler):
    wishes = QueueWishes(partition="long", account="ministry", minutes=90, memory="3g")
    text = script(scheduler, wishes=wishes, jobs=4)
    for expected in {
        "slurm": ["partition=long", "account=ministry", "time=01:30:00", "mem=3g", "cpus-per-task=4"],
        "pbs": ["-q long", "-A ministry", "walltime=01:30:00", "select=1:ncpus=4:mem=3gb"],
        "sge": ["-q long", "-P ministry", "h_rt=5400,s_rt=5310", "mem_free=3G", "-pe smp 4"],
        "lsf": ["-q long", "-P ministry", "-W 1:30", "-M 3GB", "-n 4"],
    }[scheduler]:
        assert expected in text


def test_slurm_is_asked_to_warn_to_requeue_and_to_append():
    asked = directives(script("slurm"), "#SBATCH")
    assert "--array=1-6" in asked
    assert "--requeue" in asked
    assert "--open-mode=append" in asked
    assert "--signal=B:USR1@90" in asked


def test_pbs_takes_no_array_of_one_task_and_is_warned_by_timeout(prints_its_arguments):
    alone = script("pbs", processor_seconds=1.0)
    assert "-J" not in alone
    assert run(alone).stdout.splitlines()[0].endswith("--shard 1/1")
    assert "exec timeout --foreground --preserve-status --signal=USR1" in script("pbs")


def test_a_task_has_ten_minutes_of_work_and_twice_that_time():
    array = sized(work(processor_seconds=10 * HOUR))
    assert array.tasks == 60
    assert array.minutes == 22
    assert sized(work(processor_seconds=10 * HOUR, jobs=4)).tasks == 15
    assert sized(work(processor_seconds=5.0)).minutes == 10


def test_as_many_tasks_as_the_user_wants_but_no_more_than_there_is_work_or_the_queue_takes():
    long = work(processor_seconds=1000 * HOUR)
    assert sized(replace(long, units=7)).tasks == 7
    assert sized(replace(long, tasks=3)).tasks == 3
    assert sized(long, most_tasks=2).tasks == 2
    assert sized(work(processor_seconds=1.0, tasks=4)).tasks == 4
    assert sized(replace(long, units=0)).tasks == 1


def test_a_time_limit_never_exceeds_the_partitions_and_leaves_time_for_one_run():
    assert sized(work(processor_seconds=1000 * HOUR, units=1), most_minutes=60).minutes == 60
    assert sized(work(processor_seconds=HOUR, run_seconds=HOUR)).minutes == 122


def test_a_short_limit_keeps_most_of_its_time_for_work():
    assert sized(work(wishes=QueueWishes(minutes=1))).warning_seconds == 20
    assert sized(work(wishes=QueueWishes(minutes=60))).warning_seconds == 90


def test_a_time_limit_is_hours_and_minutes():
    assert minutes_of("1:30") == 90
    assert minutes_of("48:00") == 2880
    for wrong in ("90", "0:00", "1:75", "1:2", "-1:00", "1:30:00", ""):
        with pytest.raises(UsageError, match="Give hours and minutes"):
            minutes_of(wrong)


def test_names_that_would_become_other_directives_are_refused():
    for wrong in ("long\n#SBATCH --exclusive", "a b", "", "$(id)"):
        with pytest.raises(UsageError, match="is no name of a queue"):
            QueueWishes(partition=wrong)
    for wrong in ("2 G", "G", "0", "2GB", "two"):
        with pytest.raises(UsageError, match="is no amount of memory"):
            QueueWishes(memory=wrong)


def test_names_of_folders_that_a_queue_cannot_take_are_refused():
    assert "%%b" in script("slurm", out=Path("a %b"))
    with pytest.raises(UsageError, match="Name another folder"):
        script("slurm", out=Path('a "b'))
    for scheduler in ("pbs", "sge", "lsf"):
        with pytest.raises(UsageError, match="letters, digits"):
            script(scheduler, out=Path("a b"))


def test_a_prelude_is_read_as_text_and_its_directives_stay_at_the_top(tmp_path):
    file = tmp_path / "prelude.sh"
    file.write_bytes(b"#SBATCH --qos=long\r\nmodule load python\r\n")
    text = script("slurm", wishes=QueueWishes(prelude=read_prelude(file)))
    commands = [number for number, line in enumerate(text.splitlines()) if line and not line.startswith("#")]
    assert text.splitlines().index("#SBATCH --qos=long") < commands[0]
    assert "\r" not in text


def test_a_prelude_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "picture").write_bytes(b"\x89PNG\x00")
    for name, why in (("missing", "cannot be read"), ("picture", "is no text"), (".", "cannot be read")):
        with pytest.raises(UsageError, match=why):
            read_prelude(tmp_path / name)


def test_the_compiled_code_of_a_node_stays_where_its_owner_alone_can_write(prints_its_arguments):
    printed = run(script("slurm"), SLURM_ARRAY_TASK_ID="1").stdout
    (folder,) = re.findall(r"NUMBA_CACHE_DIR=(.+)", printed)
    about = Path(folder).stat()
    assert about.st_uid == os.getuid()
    assert about.st_mode & 0o022 == 0
    chosen = run(script("slurm"), SLURM_ARRAY_TASK_ID="1", NUMBA_CACHE_DIR=folder + "/mine").stdout
    assert f"NUMBA_CACHE_DIR={folder}/mine" in chosen


def test_the_command_of_a_task_survives_any_name_of_a_study(prints_its_arguments):
    name = "it's $HOME; a `study`.toml"
    printed = run(script("slurm", study=name), SLURM_ARRAY_TASK_ID="1")
    assert printed.stdout.splitlines()[0].startswith(f"-P -m regioscope sweep {name} --out")
    assert shlex.quote(name) in job_scripts.job_script(sized(work(study=name)), "lsf")


@pytest.mark.slow
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_scripts_that_are_printed_compute_their_shards_of_a_study(scheduler, tmp_path):
    write_tiny_study(tmp_path, runs=8)
    kept = {**os.environ, "NUMBA_CACHE_DIR": str(cache_folder().parent)}

    def started(*command, **more):
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, **more)

    command = [sys.executable, "-m", "regioscope", "jobscript", "tiny.toml", "--out", "out", "--tasks", "2"]
    printed = started(*command, "--scheduler", scheduler, env=kept)
    assert printed.returncode == 0, printed.stderr
    for number in "12":
        done = started("bash", input=printed.stdout, env={**kept, NUMBER_OF_TASK[scheduler]: number})
        assert done.returncode == 0, done.stderr
        assert len(sorted_runs(tmp_path / "out")) == 4 * int(number)
    again = started(*command, "--scheduler", scheduler, env=kept)
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing is missing" in again.stderr
