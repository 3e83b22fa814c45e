"""What Slurm says when its own commands are asked; never ``sacct``, which many clusters lack."""

from __future__ import annotations

import re
import subprocess

from simulation.errors import UsageError, short_text

__all__ = ["QueueError", "asked", "field", "longest_array", "minutes_of_limit", "partition", "tasks_in_queue"]

PATIENCE_SECONDS = 60.0
GONE = "invalid job id"


class QueueError(Exception):
    """A command of the queue refused or did not answer; the message is its own."""


def asked(*command: str) -> str:
    """Return what a command of the queue answers.

    Raises
    ------
    QueueError
        With its own words, if it refuses or gives no answer within a minute.
    UsageError
        If there is no such command here.
    """
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, errors="replace")
    except FileNotFoundError:
        raise UsageError(
            f"{command[0]}: there is no such command here, so this machine can ask no Slurm. Submit from a machine of "
            "the cluster, or print a script for it with: regioscope jobscript"
        ) from None
    except subprocess.TimeoutExpired:
        raise QueueError(f"{command[0]} gave no answer within a minute") from None
    except OSError as error:
        raise QueueError(f"{command[0]}: {error.strerror or error}") from None
    if answer.returncode != 0:
        raise QueueError(_own_words(answer.stderr or answer.stdout, command[0]))
    return answer.stdout


def _own_words(text: str, command: str) -> str:
    lines = [re.sub(rf"^{command}: (?:error: )?", "", line.strip()) for line in text.splitlines() if line.strip()]
    words = "; ".join(lines) or f"{command} ended with an error and said nothing"
    return "".join(letter if letter.isprintable() else " " for letter in words)[:300]


def longest_array() -> int | None:
    """Return how many tasks an array may have when they are counted from 1."""
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", asked("scontrol", "show", "config"), re.M)
    return None if found is None else max(1, int(found[1]) - 1)


def partition(name: str | None) -> str:
    """Return what Slurm says of a partition, or of the default one.

    Raises
    ------
    UsageError
        If there is no such partition.
    """
    try:
        lines = asked("scontrol", "show", "partition", "--oneliner", *([name] if name else [])).splitlines()
    except QueueError as error:
        known = re.findall(r"PartitionName=(\S+)", asked("scontrol", "show", "partition", "--oneliner"))
        listed = ", ".join(known[:12])
        raise UsageError(f"--partition {short_text(name or '')}: {error}. Partitions here: {listed}") from None
    return next((line for line in lines if name or field(line, "Default") == "YES"), "")


def field(record: str, name: str) -> str:
    """Return a value of a one-line record, as ``scontrol`` prints it; empty where it has none of that name."""
    found = re.search(rf"(?:^|\s){name}=(\S+)", record)
    return found[1] if found else ""


def minutes_of_limit(limit: str) -> int | None:
    """Return the minutes of a time limit as Slurm shows it: ``1-00:00:00``, ``01:00:00``; None where there is none."""
    match = re.fullmatch(r"(?:(\d+)-)?(\d+):(\d+):(\d+)", limit)
    if match is None:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups()[:3])
    return max(1, (days * 24 + hours) * 60 + minutes)


def tasks_in_queue(job: str) -> list[tuple[str, str]]:
    """Return state and reason of every task that waits, runs or is being ended."""
    try:
        listed = asked("squeue", "--noheader", "--array", "--jobs", job, "--format", "%T|%r")
    except QueueError as error:
        if GONE in str(error).lower():
            return []
        raise
    return [(state, reason) for state, _, reason in (line.partition("|") for line in listed.splitlines() if line)]
