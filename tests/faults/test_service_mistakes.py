from pathlib import Path

import pytest

from tests.scenario_example import assert_line, mistakes_of, root_file

SERVICE = """extends = "root.toml"
[services.check]
name = "Check"
kind = "{kind}"
starts_month = 1
ends_month = 12
places_per_month = {places}
cost_keur = 1.0
source_of_money = "eu"
{more}
"""

MISTAKES = {
    "awareness with places": (
        ("awareness", 5, ""),
        (7, "services.check.places_per_month = 5", "must be 0 for awareness", "Write 0"),
    ),
    "awareness with staff": (
        ("awareness", 0, "staff_days = 1.0"),
        (10, "services.check.staff_days = 1", "takes no days of brokers", "Remove it"),
    ),
    "exchange group with staff": (
        ("exchange_group", 20, "staff_days = 1.0"),
        (10, "services.check.staff_days = 1", "kind exchange_group", "Remove it"),
    ),
    "less than a group": (
        ("exchange_group", 1, ""),
        (7, "services.check.places_per_month = 1", "at least provision.group_size", "Write the members"),
    ),
    "a training that refers": (
        ("training", 5, "refers = true"),
        (10, "services.check.refers = true", "only a diagnosis refers", "Remove it"),
    ),
    "a visit to nowhere": (
        ("mobility", 5, 'regions = ["AT33"]'),
        (10, "services.check.regions", "two regions or more", "name a partnership"),
    ),
    "a forum without readiness": (
        ("forum", 5, ""),
        (4, 'services.check.kind = "forum"', "nobody would be ready", "Add one"),
    ),
    "an unknown kind": (("couching", 5, ""), (4, 'services.check.kind = "couching"', "coaching")),
    "too many days": (("training", 5, "staff_days = 32.0"), (10, "staff_days = 32", "at most 31")),
}


@pytest.mark.parametrize("case", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_service_names_file_line_key_value_and_remedy(tmp_path: Path, case):
    (kind, places, more), (line, *parts) = case
    root_file(tmp_path)
    path = tmp_path / "wrong.toml"
    path.write_text(SERVICE.format(kind=kind, places=places, more=more))
    assert_line(mistakes_of(path), path, line, *parts)
