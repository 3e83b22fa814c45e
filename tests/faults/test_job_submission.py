"""What a queue refuses, forgets or does not answer; stand-ins speak the words of Slurm 22.05."""

import json
import os
import stat

import pytest

from experiments import batch_queue
from experiments.batch_queue import SubmittedJobs, queued_jobs, requeue_this_task, submit, watch
from experiments.job_arrays import QueueWishes, StudyJobs
from simulation.errors import DataError, UsageError

CONFIG = 'if [[ $2 == config ]]; then echo "MaxArraySize            = 1001"; exit; fi\n'
PARTITION = (
    'if [[ $2 == partition ]]; then echo "PartitionName=debug Default=YES MaxTime=01:00:00 State=UP"; '
    'echo "PartitionName=low Default=NO MaxTime=UNLIMITED"; exit; fi\n'
)
ACCEPTS = "echo 4711\n"


class Queue:
    """Stand-ins for the commands of Slurm, and what they were called with."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        self.answers("scontrol", CONFIG + PARTITION)
        self.answers("squeue", "")
        self.answers("sbatch", ACCEPTS)

    def answers(self, command, script):
        file = self.folder / command
        file.write_text(f'#!/bin/bash\necho {command} "$@" >> {self.folder}/calls\n{script}')
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def calls(self, command):
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(command + " ")]


class Watcher:
    def __init__(self):
        self.counted = []
        self.said = []

    def stored(self, runs):
        self.counted.append(runs)

    def says(self, message):
        self.said.append(message)


@pytest.fixture(name="queue")
def queue_of_stand_ins(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    return Queue(folder, monkeypatch)


def work(tmp_path, **changes):
    plain = {"study": "brokers", "name": "brokers", "jobs": 1, "run_seconds": 1.0, "units": 10_000}
    return StudyJobs(out=tmp_path / "out", **{"processor_seconds": 6000.0, **plain, **changes})


def script(tmp_path):
    return (tmp_path / "out" / "jobs" / "array.sh").read_text()


def test_a_submitted_array_is_noted_and_a_second_one_is_refused_while_it_is_in_the_queue(tmp_path, queue):
    jobs = submit(work(tmp_path), "regioscope sweep brokers --out out")
    assert (jobs.job, jobs.tasks, jobs.minutes, jobs.notes) == ("4711", 10, 22, ())
    assert json.loads((tmp_path / "out" / "jobs" / "submitted.json").read_text())["job"] == "4711"
    queue.answers("squeue", "echo 'RUNNING|None'")
    with pytest.raises(DataError, match=r"4711.*still in the queue.*--wait.*scancel 4711"):
        submit(work(tmp_path), "again")
    assert queued_jobs(tmp_path / "out") == jobs
    assert len(queue.calls("sbatch")) == 1
    queue.answers("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    assert queued_jobs(tmp_path / "out") is None
    submit(work(tmp_path), "again")


def test_an_array_is_never_longer_than_the_queue_takes(tmp_path, queue):
    assert submit(work(tmp_path, processor_seconds=1e9), "again").tasks == 1000


@pytest.mark.parametrize(
    "refusal",
    [
        "sbatch: error: QOSMaxSubmitJobPerUserLimit\\nsbatch: error: Batch job submission failed: Job violates "
        "accounting/QOS policy (job submit limit, user's size and/or time limits)",
        "sbatch: error: AssocMaxSubmitJobLimit\\nsbatch: error: Batch job submission failed: Job violates "
        "accounting/QOS policy (job submit limit, user's size and/or time limits)",
        "sbatch: error: Batch job submission failed: Invalid job array specification",
    ],
)
def test_where_submit_limits_refuse_an_array_fewer_larger_tasks_are_tried_and_said(tmp_path, queue, refusal):
    queue.answers(
        "sbatch",
        f'if grep -qE "array=1-(10|5)$" "${{@: -1}}"; then printf "{refusal}\\n" >&2; exit 1; fi\n{ACCEPTS}',
    )
    jobs = submit(work(tmp_path), "again")
    assert jobs.tasks == 2
    assert jobs.notes == ("The queue refused 10 tasks; it took 2 larger ones",)
    assert jobs.minutes > 22
    assert "--array=1-2\n" in script(tmp_path)
    assert '/2"' in script(tmp_path)


def test_a_limit_that_refuses_even_one_task_is_an_error_with_the_queues_own_words(tmp_path, queue):
    queue.answers("sbatch", 'echo "sbatch: error: Job violates accounting/QOS policy (time limits)" >&2; exit 1')
    with pytest.raises(UsageError, match=r"Slurm refused the job array: Job violates accounting/QOS policy \(time"):
        submit(work(tmp_path), "again")
    assert len(queue.calls("sbatch")) == 4
    assert not (tmp_path / "out" / "jobs" / "submitted.json").exists()


def test_a_refusal_of_another_kind_is_not_tried_again(tmp_path, queue):
    queue.answers("sbatch", 'echo "sbatch: error: Batch job submission failed: Invalid account" >&2; exit 1')
    with pytest.raises(UsageError, match=r"failed: Invalid account.*--account"):
        submit(work(tmp_path), "again")
    assert len(queue.calls("sbatch")) == 1


def test_a_time_limit_above_the_partitions_is_refused_because_such_a_job_would_never_start(tmp_path, queue):
    with pytest.raises(UsageError, match="--time 1:30: partition debug allows 1:00 at most"):
        submit(work(tmp_path, wishes=QueueWishes(minutes=90)), "again")
    assert queue.calls("sbatch") == []


def test_a_machine_without_slurm_is_told_what_else_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"there is no such command here.*regioscope jobscript"):
        submit(work(tmp_path), "again")


def test_a_queue_that_cannot_be_asked_is_no_reason_to_submit_twice(tmp_path, queue):
    submit(work(tmp_path), "regioscope sweep brokers --out out")
    queue.answers("squeue", 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1')
    with pytest.raises(DataError, match=r"Unable to contact.*regioscope sweep brokers --out out"):
        submit(work(tmp_path), "again")


def test_watching_ends_with_the_array_and_survives_a_queue_that_does_not_answer_for_a_while(tmp_path, queue):
    jobs = SubmittedJobs("4711", 2, 10, "array.sh", "again", "2026-01-01T00:00:00+00:00")
    queue.answers(
        "squeue",
        f"""case $(grep -c squeue {queue.folder}/calls) in
        1|3) echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1;;
        2) echo 'RUNNING|None'; echo 'PENDING|launch failed requeued held';;
        esac""",
    )
    watcher, stored = Watcher(), iter((1, 2, 3, 4))
    watch(jobs, watcher, lambda: next(stored), poll=0.01)
    assert watcher.counted == [1, 2, 3, 4]
    assert len(watcher.said) == 2
    assert "does not answer" in watcher.said[0]
    assert "launch failed requeued held" in watcher.said[1]


def test_outside_a_job_array_nothing_is_put_back(monkeypatch, queue):
    monkeypatch.delenv("SLURM_ARRAY_JOB_ID", raising=False)
    assert requeue_this_task() == ""
    assert queue.calls("scontrol") == []


@pytest.mark.parametrize("state", ["COMPLETING", "CANCELLED", "TIMEOUT"])
def test_a_task_that_was_ended_is_not_put_back(monkeypatch, queue, state):
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "4711")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "2")
    queue.answers("scontrol", f"echo JobId=4712 JobState={state} Reason=None")
    assert state.lower() in requeue_this_task()
    assert queue.calls("scontrol") == ["scontrol show job --oneliner 4711_2"]


def test_a_running_task_is_put_back(monkeypatch, queue):
    monkeypatch.setattr(batch_queue, "END_SECONDS", 0.0)
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "4711")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "2")
    queue.answers("scontrol", "echo JobId=4712 JobState=RUNNING Reason=None")
    requeue_this_task()
    assert queue.calls("scontrol")[-1] == "scontrol requeue 4711_2"


@pytest.mark.parametrize(
    ("preempted", "calls"), [("", 1), ("PreemptTime=None", 1), ("PreemptTime=2026-01-01T00:00:00", 2)]
)
def test_a_task_too_short_for_a_run_is_put_back_only_if_it_was_preempted(monkeypatch, queue, preempted, calls):
    monkeypatch.setattr(batch_queue, "END_SECONDS", 0.0)
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "4711")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "2")
    queue.answers("scontrol", f"echo JobId=4712 JobState=RUNNING {preempted} Reason=None")
    assert ("Raise --time" in requeue_this_task(finished_any=False)) == (calls == 1)
    assert len(queue.calls("scontrol")) == calls
