"""What a month frees the next one has again, without asking the system for it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ROUNDS = """
import resource
import numpy as np
from simulation.memory import keep_freed_memory
{before}
for _ in range(4):
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [np.ones(2**21, dtype=np.uint8) for _ in range(8)]
    del blocks
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults)
"""


def pages_taken_again(before: str) -> int:
    ran = subprocess.run([sys.executable, "-c", ROUNDS.format(before=before)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries decide for themselves")
def test_memory_that_was_freed_is_not_taken_from_the_system_again():
    assert pages_taken_again("keep_freed_memory()") < 100 < pages_taken_again("")
