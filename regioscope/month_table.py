"""The months of one run as a table that fits a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from regioscope.partnership_history import calendar_month, statuses
from simulation.scenario import Scenario

__all__ = ["LEGEND", "month_table"]


@dataclass(frozen=True)
class Shown:
    """One column: indicator, heading over two lines, name and meaning in the legend, factor on the value."""

    indicator: str
    heading: str
    name: str
    meaning: str
    factor: float = 1.0


COLUMNS = (
    Shown("partnership_members", "mem-\nbers", "members", "bodies that are members now"),
    Shown("engagement_mean", "engaged\n%", "engaged %", "share of their effort that members give", 100.0),
    Shown("objective_agreement", "agree\n%", "agree %", "signatories who could sign the best draft, last round", 100.0),
    Shown("smes_registered", "\nSMEs", "SMEs", "SMEs that are registered with a broker now"),
    Shown("introductions", "intro-\nduced", "introduced", "pairs introduced since month 1"),
    Shown("collaborations_cross_border", "cross-\nborder", "cross-border", "collaborations begun across a border"),
    Shown("innovations_programme", "inno-\nvations", "innovations", "projects on the market made by the programme"),
    Shown("innovations_commercialised", "of\nall", "of all", "all projects on the market"),
    Shown(
        "public_cost_keur",
        "cost\nkeur",
        "cost keur",
        "public: grants, services, coordination with joining costs",
    ),
)


def _legend() -> Text:
    lines = [("partnership", "negotiating, agreed, letter (of intent), open (unsigned), ended")]
    lines += [(each.name, each.meaning) for each in COLUMNS]
    width = max(len(name) for name, _ in lines)
    return Text("\n".join(f"{name:{width}}  {meaning}" for name, meaning in lines), style="dim")


LEGEND = _legend()


def month_table(series: Mapping[str, Sequence[float | None]], scenario: Scenario, roomy: bool = True) -> Table:
    """Return the table of a run; a gap follows every December.

    Parameters
    ----------
    series : mapping of str to sequence
        Indicators by month from 1.
    scenario : Scenario
        Gives the calendar, and whether an agreement is needed.
    roomy : bool
        Whether there are 100 columns; without, the table takes 80.
    """
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0) if roomy else 0,
        header_style="bold",
    )
    table.add_column("\nmonth", no_wrap=True, style="cyan")
    table.add_column("\npartnership", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column.heading, justify="right", no_wrap=True)
    told = statuses(series, scenario.partnership.decision != "none")
    for month, status in enumerate(told, 1):
        date = calendar_month(scenario.start, month)
        values = [_cell(series[column.indicator][month - 1], column.factor) for column in COLUMNS]
        table.add_row(date, _status(status), *values, end_section=date.endswith("-12"))
    return table


def _cell(value: float | None, factor: float) -> str:
    return "–" if value is None else f"{factor * value:,.0f}"


def _status(status: str) -> Text:
    styles = {"negotiating": "yellow", "agreed": "green", "open": "green", "letter of intent": "blue"}
    return Text({"letter of intent": "letter"}.get(status, status), style=styles.get(status, "dim"))
