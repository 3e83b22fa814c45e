"""The months of one run as a table of at most 100 columns."""

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
    """One column: indicator, heading over two lines, factor on the value, meaning."""

    indicator: str
    heading: str
    meaning: str
    factor: float = 1.0


COLUMNS = (
    Shown("partnership_members", "members", "bodies that are members now"),
    Shown("engagement_mean", "engaged\n%", "share of their effort that members give, mean", 100.0),
    Shown(
        "objective_agreement",
        "agree\n%",
        "members who could sign the best draft of a common objective",
        100.0,
    ),
    Shown("smes_registered", "SMEs\nregistered", "SMEs that are registered with a broker now"),
    Shown("introductions", "intro-\nductions", "pairs introduced since month 1"),
    Shown("collaborations_cross_border", "cross-\nborder", "collaborations begun across a border since month 1"),
    Shown(
        "innovations_programme",
        "innovations\nprogramme",
        "projects on the market made by the programme, since month 1",
    ),
    Shown("innovations_commercialised", "\nall", "all projects on the market, since month 1"),
    Shown("public_cost_keur", "public cost\nkeur", "grants, services and coordination since month 1"),
)


def _legend() -> Text:
    lines = [("partnership", "negotiating, agreed, letter (of intent, where time ran out), open, ended")]
    lines += [(_plain(each), each.meaning) for each in COLUMNS]
    width = max(len(name) for name, _ in lines)
    return Text("\n".join(f"{name:{width}}  {meaning}" for name, meaning in lines), style="dim")


def _plain(column: Shown) -> str:
    if column.indicator == "innovations_commercialised":
        return "innovations, all"
    return column.heading.replace("-\n", "" if column.heading.startswith("intro") else "-").replace("\n", " ")


LEGEND = _legend()


def month_table(series: Mapping[str, Sequence[float | None]], scenario: Scenario) -> Table:
    """Return the table of a run; a gap follows every December.

    Parameters
    ----------
    series : mapping of str to sequence
        Indicators by month from 1.
    scenario : Scenario
        Gives the calendar, the end of the programme, and whether an agreement is needed.
    """
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=0,
        header_style="bold",
    )
    table.add_column("month", no_wrap=True, style="cyan")
    table.add_column("partnership", no_wrap=True)
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
