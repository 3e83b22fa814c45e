import re
from enum import IntEnum
from inspect import getdoc
from pathlib import Path

import pytest

from simulation import codes, mechanisms, odd
from simulation.errors import UsageError
from simulation.indicator_definitions import INDICATOR_NAMES
from simulation.parameters import CATALOGUES, ScenarioParameters
from simulation.scenario import load_scenario
from simulation.schedule import MONTH

SIMULATION = odd.DOCUMENT.parent
DOCUMENT = odd.DOCUMENT.read_text(encoding="utf-8")
BY_HAND = re.sub(r"<!-- generated: (\w+) -->.*?<!-- end of \1 -->", "", DOCUMENT, flags=re.DOTALL)
MODULES = {path.stem for path in Path(mechanisms.__path__[0]).glob("*.py")} - {"__init__"}
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
SAID = ("Claim", "Equation", "Paper", "Defaults", "Choices", "Not in it")


def submodels():
    """Text of the section of each mechanism module, in the order of the document."""
    parts = re.split(r"^### 7\.\d+ .+: `(\w+)`$", DOCUMENT, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def anchor(heading):
    """Address of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def paragraph(section, label):
    return section.partition(f"**{label}.**")[2].partition("\n**")[0]


@pytest.mark.parametrize("part", odd.PARTS)
def test_the_generated_part_is_what_the_code_generates(part):
    assert part not in odd.out_of_date(DOCUMENT), "run python -m simulation.odd --write"


def test_a_changed_cell_is_found_and_written_back():
    changed = DOCUMENT.replace("`matching.reservation_value` |", "`matching.reservation_worth` |")
    assert odd.out_of_date(changed) == ["parameters"]
    assert odd.with_generated_parts(changed) == DOCUMENT


def test_what_is_written_by_hand_survives_the_writing():
    changed = DOCUMENT.replace("## 5 Initialization", "## 5 Initialization of a run")
    assert odd.with_generated_parts(changed) == changed


@pytest.mark.parametrize("repeated", ["", "<!-- generated: schedule -->\n" * 2])
def test_a_missing_or_repeated_marker_is_an_error_that_names_the_part(repeated):
    with pytest.raises(UsageError, match="schedule"):
        odd.with_generated_parts(DOCUMENT.replace("<!-- generated: schedule -->\n", repeated))


def test_check_says_which_part_is_out_of_date_and_write_corrects_it(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "ODD.md"
    copy.write_text(DOCUMENT.replace("`smes_alive`", "`smes_living`"), encoding="utf-8")
    monkeypatch.setattr(odd, "DOCUMENT", copy)
    assert odd.main(["--check"]) == 1
    assert "indicators" in capsys.readouterr().err
    assert odd.main(["--write"]) == 0
    assert odd.main(["--check"]) == 0


def test_the_seven_elements_of_the_protocol_stand_in_their_order():
    assert re.findall(r"^## \d (.+)$", DOCUMENT, re.MULTILINE) == list(ELEMENTS)


def test_all_eleven_design_concepts_stand_in_their_order():
    concepts = DOCUMENT.partition("## 4 ")[2].partition("## 5 ")[0]
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", concepts, re.MULTILINE) == list(CONCEPTS)


def test_every_mechanism_module_has_a_submodel_and_every_submodel_a_module():
    assert set(submodels()) == MODULES


def test_submodels_come_in_the_order_of_the_month():
    # A partnership is founded before the negotiation and decides after it: the decision is where it stands.
    after_founding = [stage.function.__module__.rpartition(".")[2] for stage in MONTH[1:]]
    of_month = list(dict.fromkeys(after_founding))
    assert [module for module in submodels() if module in of_month] == of_month


def test_every_stage_of_the_schedule_has_its_row_and_its_submodel():
    schedule = DOCUMENT.partition("<!-- generated: schedule -->")[2].partition("<!-- end of")[0]
    for stage in MONTH:
        module = stage.function.__module__.rpartition(".")[2]
        assert f"`{module}.{stage.function.__name__}`" in schedule
        assert module in submodels()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_submodel_says_claim_equation_paper_defaults_choices_and_what_is_not_in_it(module):
    section = submodels()[module]
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", section, re.MULTILINE) == list(SAID)
    assert re.search(r"^    .*\S", paragraph(section, "Equation"), re.MULTILINE)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_submodel_names_every_paper_that_the_module_names(module):
    docstring = getdoc(__import__(f"simulation.mechanisms.{module}", fromlist=["_"])) or ""
    years = set(re.findall(r"\b(?:19|20)\d\d\b", docstring.partition("References")[2]))
    paper = paragraph(submodels()[module], "Paper")
    assert years <= set(re.findall(r"\b(?:19|20)\d\d\b", paper))
    assert years or paper.strip().startswith("None") or re.search(r"\((?:19|20)\d\d\)", paper)


def test_every_section_of_parameters_is_some_submodels_default():
    linked = set(re.findall(r"\(#parameters-(\w+)\)", BY_HAND))
    sections = set(ScenarioParameters.model_fields) - set(CATALOGUES)
    plain = {"title", "start", "months", "programme_end_month", "warm_up_months", "price_year", "facts"}
    assert linked == sections - plain


def test_all_links_resolve():
    headings = {anchor(each) for each in HEADING.findall(DOCUMENT)}
    targets = re.findall(r"\]\(([^)\s]+)\)", DOCUMENT)
    assert targets
    missing = [
        target
        for target in targets
        if not (target[1:] in headings if target[0] == "#" else (SIMULATION / target).is_file())
    ]
    assert missing == []


def test_every_parameter_and_column_named_in_the_text_exists():
    scenario = load_scenario("baseline")
    tables = {
        match[1]: match[2]
        for match in re.finditer(
            r"^#### Table: (\w+)$(.*?)(?=^#### |<!--)",
            DOCUMENT,
            re.MULTILINE | re.DOTALL,
        )
    }
    named = re.findall(r"`([a-z_]+)\.([a-z_]+)`", BY_HAND)
    unknown = [
        f"{section}.{key}"
        for section, key in named
        if not hasattr(getattr(scenario, section, None), key) and f"| `{key}` |" not in tables.get(section, "")
    ]
    assert len(named) > 100
    assert unknown == []


def test_every_indicator_has_a_row():
    rows = DOCUMENT.partition("#### Indicators of the whole")[2].partition("####")[0]
    assert re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE) == list(INDICATOR_NAMES)


def test_every_code_has_a_row():
    table = DOCUMENT.partition("<!-- generated: codes -->")[2].partition("<!-- end of")[0]
    said = {name for name, each in vars(codes).items() if isinstance(each, type) and issubclass(each, IntEnum)}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == said - {"IntEnum"}


def test_what_is_said_to_be_used_by_no_rule_is_used_by_none():
    said = BY_HAND.partition("No rule makes use of")[2].partition(".")[0]
    names = re.findall(r"`(\w+)`", said)
    assert names
    sources = [path for path in SIMULATION.rglob("*.py") if "parameters" not in path.parts]
    used = [
        (path.name, name)
        for path in sources
        for name in names
        if re.search(rf"\.{name}\b|[\"']{name}[\"']", path.read_text(encoding="utf-8"))
    ]
    assert used == []


def test_the_text_by_hand_repeats_no_default():
    told = r"`[a-z_]+\.[a-z_]+`\s+(?:=|is|of|at|by default)\s+-?[.\d]"
    assert re.search(told, "`search.seeking_rate` is .1")
    assert re.findall(told, BY_HAND) == []


def test_the_text_speaks_of_the_model_and_not_of_the_programs_inside():
    assert not re.search(r"\bworld\.|\bnp\.|\bself\.|ndarray|kernel", DOCUMENT)
