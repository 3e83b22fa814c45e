from pathlib import Path

import pytest

from tests.scenario_example import assert_line, mistakes_of, root_file

FOLLOWS = "follows = 'alpine'\napplies_month = 6\nfunded_from_month = 9"

WRONG = {
    "a programme that begins after its end": (
        "[programme]\nstarts_month = 13",
        3,
        "programme.starts_month = 13",
        "at most programme_end_month, which is 12",
        "Correct one",
    ),
    "a budget below nothing": (
        "[programme]\nbudget_keur = -1.0",
        3,
        "budget_keur = -1.0",
        "at least 0",
        "Write a number",
    ),
    "a partnership that ends before it begins": (
        "[partnerships.alpine]\nfunded_from_month = 9\nends_month = 8",
        3,
        "partnerships.alpine.funded_from_month = 9",
        "at most ends_month, which is 8",
        "write 0: open",
    ),
    "an attribute out of bounds": (
        "[partnerships.alpine.attributes]\nfloor = 3.0",
        3,
        "alpine.attributes.floor = 3.0",
        "at most 1",
        "Write a number",
    ),
    "an unknown attribute": (
        "[partnerships.alpine.attributes]\nflor = 1.0",
        3,
        "attributes.flor = 1.0",
        "not a known key",
        "attributes.floor?",
    ),
    "a follow-on of nothing": (
        "[partnerships.next]\nname = 'N'\nfounders = ['tirol']\nlead = 'tirol'\n" + FOLLOWS.replace("alpine", "alpin"),
        6,
        'next.follows = "alpin"',
        "is not in partnerships",
        "Did you mean alpine?",
    ),
    "a follow-on of itself": (
        "[partnerships.alpine]\n" + FOLLOWS,
        3,
        'alpine.follows = "alpine"',
        "leads back to this partnership",
        "comes before it",
    ),
    "a follow-on that never applies": (
        "[partnerships.next]\nname = 'N'\nfounders = ['tirol']\nlead = 'tirol'\nfollows = 'alpine'",
        2,
        "next.applies_month = 0",
        "at least 1 where follows is given",
        "Write the month of the application",
    ),
    "a follow-on that is funded before it applies": (
        "[partnerships.next]\nname = 'N'\nfounders = ['tirol']\nlead = 'tirol'\n" + FOLLOWS.replace("9", "6"),
        8,
        "next.funded_from_month = 6",
        "later than applies_month, which is 6",
        "first funded month",
    ),
    "an application after the end of the earlier partnership": (
        "[partnerships.next]\nname = 'N'\nfounders = ['tirol']\nlead = 'tirol'\n"
        + FOLLOWS
        + "\n[partnerships.alpine]\nends_month = 5",
        7,
        "next.applies_month = 6",
        "is no month of alpine, which lasts from 0 to 5",
        "members are together",
    ),
    "an application that follows nothing": (
        "[partnerships.alpine]\napplies_month = 6",
        3,
        "alpine.applies_month = 6",
        "of no use without follows",
        "Name the partnership",
    ),
    "a replacement for nobody": (
        "[partnerships.next]\nname = 'N'\nfounders = ['tirol']\nlead = 'tirol'\n"
        + FOLLOWS
        + "\n[partnerships.next.replacements]\nbolzan = 'noi'",
        9,
        'replacements = "bolzan"',
        "is not in brokers",
        "Did you mean bolzano?",
    ),
    "a shock that strikes no known sector": (
        "[shock]\nsectors = ['foot']",
        3,
        '"foot"',
        "is not in sectors",
        "Did you mean food?",
    ),
    "a shock that strikes no known region": (
        "[shock]\nregions = ['ITH']",
        3,
        '"ITH"',
        "is not in regions",
        "Did you mean ITH1?",
    ),
    "a shock without duration": (
        "[shock]\nduration_months = 0",
        3,
        "shock.duration_months = 0",
        "at least 1",
        "Write a whole number",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_month_a_budget_or_a_follow_on_that_cannot_be_is_told_with_its_line_rule_and_remedy(name, tmp_path: Path):
    text, line, *parts = WRONG[name]
    root_file(tmp_path)
    path = tmp_path / "own.toml"
    path.write_text(f"extends = 'root'\n{text}\n")
    assert_line(mistakes_of(path), path, line, *parts)
