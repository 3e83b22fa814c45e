"""What ``regioscope validate`` prints: documented or published figures with their verdicts, and a family's arms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isinf
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.difference_text import MARK, difference_text, interval_text, label, mean_text, with_digits
from analysis.wording import ARM_WORDS, SHORT_HORIZONS
from experiments.fact_verdicts import MOST_SPREAD, FactVerdict
from experiments.headline_indicators import Spread
from regioscope.family_validation import ArmVerdict, FamilyReport, targets
from regioscope.terminal import results_console
from simulation.parameters.facts import Fact

if TYPE_CHECKING:
    from experiments.published_models import PublishedFigure

__all__ = ["print_family", "print_model", "summary"]

ORDER = ("missed", "met", "not simulated", "input")
FOLDED = "documented"
NUMBERS = ("measured", "median\n(90 % interval)", "difference\n(95 % interval)")
FEW_RUNS = 10
NOTHING = "–"
DIGITS_BELOW = ((1.0, 3), (10.0, 2), (100.0, 1))


def print_family(report: FamilyReport) -> None:
    """Print what became of a family, for a person."""
    console = results_console()
    about = report.results.manifest.scenarios[report.head]
    console.print(Text.assemble("\n", (report.family.name, "bold"), f"  {about['title']}"), soft_wrap=True)
    _print_facts(console, report)
    _print_arms(console, report)
    console.print(Text(f"results  {report.results.folder}"), soft_wrap=True)


def print_model(name: str, figures: Sequence[PublishedFigure]) -> None:
    """Print what became of a published model, for a person."""
    console = results_console()
    console.print(Text(f"\n{name}", style="bold"))
    table = _table("quantity", "published", "measured", "tolerance", "verdict")
    for each in figures:
        verdict = "met" if each.met else "missed"
        style = "" if each.met else "bold"
        table.add_row(each.quantity, each.target, f"{each.measured:.4g}", _tolerance(each), verdict, style=style)
    console.print(table)


def _tolerance(each: PublishedFigure) -> str:
    if isinf(each.high):
        return f"≥ {each.low:.4g}"
    return f"{each.low:.4g} to {each.high:.4g}" if each.low < each.high else f"{each.low:.4g}"


def summary(reports: Sequence[FamilyReport], published: Mapping[str, Sequence[PublishedFigure]]) -> str:
    """Return how many validation targets came out, in a sentence."""
    met, missed = targets(reports, published)
    facts = [fact for report in reports for fact in report.facts]
    idle = sum(each.verdict == "not simulated" for each in facts)
    against = sum(each.verdict == "against the evidence" for report in reports for each in report.arms)
    parts = [f"{met} of {met + missed} validation targets met, {missed} missed"]
    parts += [f"{idle} documented but not simulated"] if idle else []
    parts += [f"{against} difference{'s' if against != 1 else ''} against the evidence"] if against else []
    return "; ".join(parts) + "."


def _print_facts(console: Console, report: FamilyReport) -> None:
    runs = report.results.manifest.replicates
    console.print(Text(f"\nDocumented figures against {runs} run{'s' if runs != 1 else ''} of {report.head}"))
    if not report.facts:
        console.print(Text(f"{report.head} documents no figure."))
        return
    table = _table(FOLDED, "value", "median\n(90 % interval)", "role", "verdict")
    for each in sorted(report.facts, key=lambda each: ORDER.index(each.verdict)):
        if each.verdict != "input":
            cells = (each.fact.quantity, _documented(each.fact), _simulated(each), each.fact.role, _verdict(each))
            table.add_row(*cells, style="bold" if each.counts else "")
    if table.row_count:
        console.print(table)
        console.print(Text(_how_judged(runs), style="dim"))
    inputs = [f"{each.fact.quantity}: {_documented(each.fact)}" for each in report.facts if each.verdict == "input"]
    if inputs:
        console.print(Text(f"Input, built in and never judged: {'; '.join(inputs)}.", style="dim"))


def _documented(fact: Fact) -> str:
    if isinstance(fact.value, str):
        return f"{fact.value}{_range(fact)}"
    sign = {"at_least": "≥ ", "at_most": "≤ "}.get(fact.bound or "equal", "")
    slack = f" ± {100 * fact.tolerance:.3g} %" if fact.tolerance else ""
    return f"{sign}{fact.value:,.12g}{_range(fact) or slack} {fact.unit}"


def _range(fact: Fact) -> str:
    low, high = fact.at_least, fact.at_most
    if fact.is_null:
        return " (undefined)"
    if low is not None and high is not None:
        return f" ({low:,.12g} to {high:,.12g})"
    if low is not None:
        return f" (≥ {low:,.12g})"
    return "" if high is None else f" (≤ {high:,.12g})"


def _simulated(each: FactVerdict) -> str:
    found = each.simulated
    if found is None:
        return NOTHING
    if each.fact.is_null:
        return f"undefined in {found.runs - found.defined} of {found.runs}"
    return f"{_number(found.median)}\n({_interval(found)})"


def _interval(found: Spread) -> str:
    return NOTHING if found.p05 is None else f"{_number(found.p05)} to {_number(found.p95)}"


def _verdict(each: FactVerdict) -> str:
    return f"{each.verdict}: {each.reason}" if each.reason else each.verdict


def _number(value: float | None) -> str:
    if value is None or value == int(value):
        return with_digits(value, 0)
    return with_digits(value, next((digits for limit, digits in DIGITS_BELOW if abs(value) < limit), 0))


def _how_judged(runs: int) -> str:
    words = (
        "met: the median lies within the tolerance, or on the right side of a bound, and the interval is narrower "
        f"than a factor {MOST_SPREAD:.0f}. Only validation targets count; an input is built in and never judged."
    )
    few = f" With {runs} runs the interval is hardly more than their range: ask for more." if runs < FEW_RUNS else ""
    return words + few


def _print_arms(console: Console, report: FamilyReport) -> None:
    if not report.arms:
        console.print(Text("\nNo pair of runs is stored at a horizon that both arms reach."))
        return
    console.print(Text(f"\nWhat {report.head} adds to its arms: {report.head} minus the arm"))
    table = _table("arm and indicator", "when", "difference\n(95 % interval)", "expected", "came out")
    for arm in dict.fromkeys(each.row["reference"] for each in report.arms):
        table.add_row(Text(arm, style="bold"))
        for each in [each for each in report.arms if each.row["reference"] == arm]:
            when, sign = SHORT_HORIZONS[each.row["horizon"]], each.expectation.sign
            table.add_row(f"  {label(each.row)}", when, _difference(each), sign, _came_out(each))
    console.print(table)
    for line in _footnotes(report.arms):
        console.print(Text(line, style="dim"))


def _difference(each: ArmVerdict) -> str:
    mark = "" if each.verdict in ("not seen", "the same runs") else MARK
    return f"{difference_text(each.row)}{mark}\n({interval_text(each.row)})"


def _came_out(each: ArmVerdict) -> str:
    if each.verdict == "the same runs":
        return "nothing: both arms are the same runs"
    if each.verdict != "not seen":
        return each.verdict
    if not each.row["pairs"]:
        return "undefined"
    smallest = mean_text(each.row, "smallest_detectable")
    return "nothing seen" if smallest == NOTHING else f"nothing seen; {smallest} would have been"


def _footnotes(arms: Sequence[ArmVerdict]) -> Iterable[str]:
    for sign, because in dict.fromkeys((each.expectation.sign, each.expectation.because) for each in arms):
        yield f"expected {sign}: {because}"
    present = {each.row["reference"] for each in arms}
    yield from (f"{kind}: {words}" for kind, words in ARM_WORDS.items() if kind in present)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left", overflow="fold")
    table.columns[0].no_wrap = headings[0] != FOLDED
    return table
