"""The README's commands and Python are executed as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_commands_run_in_their_order(tmp_path: Path) -> None:
    for name, text in zip(("sharing.toml", "majority.toml"), blocks("toml"), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command in "".join(blocks("bash")).splitlines():
        done = in_shell(command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), command


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_runs(code: str, tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    done = in_shell(f"{sys.executable} {script}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_command_is_one_that_the_program_knows() -> None:
    from typer.main import get_command

    from regioscope.command_line import app

    group = get_command(app)
    for command in "".join(blocks("bash")).splitlines():
        assert command.split()[1] in group.commands, command  # type: ignore[attr-defined]


def test_every_link_to_a_file_resolves() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert target.startswith("http") or (README.parent / target).exists(), target
