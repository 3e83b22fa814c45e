import ast

from simulation.agents import BODY_CLASSES, Member
from tests.architecture.source_files import PROJECT, python_files, syntax


def offered() -> set[tuple[str, str]]:
    """Every decision that a researcher may override, with the table it is asked for."""
    own = {
        (cls.table, name.removeprefix("decide_"))
        for cls in BODY_CLASSES
        for name in dir(cls)
        if name.startswith("decide_") and not hasattr(Member, name)
    }
    return own | {("members", name.removeprefix("decide_")) for name in dir(Member) if name.startswith("decide_")}


def asked() -> set[tuple[str, str]]:
    return {
        (call.args[0].value, call.args[1].value)
        for path in python_files("simulation/mechanisms")
        for call in ast.walk(syntax(path))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "decide"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[1], ast.Constant)
    }


def test_every_decision_that_may_be_overridden_is_asked_for_and_no_other():
    assert (PROJECT / "simulation" / "mechanisms").is_dir()
    assert asked() == offered()
