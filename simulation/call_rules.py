"""What calls and challenges must satisfy: runs that do not overlap, a next chance for the refused, their months.

The rules work on plain nested values, so that they report what they find even where single values are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.references import BrokenRule, _at, _number
from simulation.toml_source import KeyPath

__all__ = ["broken_call_rules"]


def broken_call_rules(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield every rule that the calls and challenges of a scenario break.

    Parameters
    ----------
    values : mapping
        Nested plain values, right or wrong.
    """
    yield from _impossible_calls(values)
    yield from _calls_outside_the_programme(values)
    yield from _challenges_outside_the_programme(values)


def _impossible_calls(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield what the columns of a call must not say together."""
    calls = values.get("calls")
    for path, call in _at(values, ("calls", "*")):
        if not (isinstance(call, Mapping) and isinstance(calls, Mapping)):
            continue
        yield from _impossible_runs(path, call)
        if call.get("voucher") is True and call.get("beneficiaries") == "pair":
            remedy = 'Write beneficiaries = "single": the supplier is no beneficiary'
            yield BrokenRule((*path, "voucher"), True, "is for a single beneficiary", remedy)
        followed = call.get("follows")
        if followed == path[-1]:
            yield BrokenRule((*path, "follows"), followed, "is the call itself", "Use runs to hold a call again")
        elif isinstance(followed, str) and isinstance(calls.get(followed), Mapping):
            yield from _unlike_the_call_before(path, call, followed, calls[followed])
        followers = [each for each in calls.values() if isinstance(each, Mapping) and each.get("follows") == path[-1]]
        if call.get("resubmission") is True and not followers and call.get("runs", 1) == 1:
            remedy = f'Hold it more than once (runs), or write follows = "{path[-1]}" in a later call'
            yield BrokenRule((*path, "resubmission"), True, "has no later call to apply to", remedy)


def _impossible_runs(path: KeyPath, call: Mapping[str, Any]) -> Iterator[BrokenRule]:
    opens, closes, runs, every = (_number(call, key) for key in ("opens_month", "closes_month", "runs", "every_months"))
    if opens is None or closes is None or runs is None or runs == 1:
        return
    if (every or 0) <= closes - opens:
        key, least = (*path, "every_months"), int(closes - opens) + 1
        rule = f"must be at least {least}, the months for which the call is open"
        yield BrokenRule(key, every or 0, rule, "Let the runs of a call not overlap")


def _unlike_the_call_before(
    path: KeyPath, call: Mapping[str, Any], followed: str, before: Mapping[str, Any]
) -> Iterator[BrokenRule]:
    if (call.get("beneficiaries"), call.get("voucher", False)) != (
        before.get("beneficiaries"),
        before.get("voucher", False),
    ):
        rule = "must have the same beneficiaries and vouchers, since its applications are put in again"
        yield BrokenRule((*path, "follows"), followed, rule, "Make the two calls alike, or remove the key")
    if before.get("resubmission") is not True:
        rule = "lets nobody apply again"
        yield BrokenRule((*path, "follows"), followed, rule, f"Write resubmission = true in calls.{followed}")


def _calls_outside_the_programme(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    end, programme = _number(values, "programme_end_month"), values.get("programme")
    start = _number(programme, "starts_month")
    for path, call in _at(values, ("calls", "*")):
        opens, closes = _number(call, "opens_month"), _number(call, "closes_month")
        if opens is not None and start is not None and opens < start:
            rule = f"must be at least programme.starts_month, which is {start}"
            remedy = "Open the call when the programme has begun"
            changed: KeyPath = ("programme", "starts_month")
            yield BrokenRule((*path, "opens_month"), opens, rule, remedy, changed)
        last = (_number(call, "runs") or 1) - 1
        decides = (closes or 0) + last * (_number(call, "every_months") or 0)
        if closes is not None and end is not None and decides > end:
            when = f"month {decides:g}" if last else "that month"
            rule = f"must be at most programme_end_month, which is {end}: the call is decided in {when}"
            remedy = "Close it while the programme lasts; a call that is not decided funds nothing"
            yield BrokenRule((*path, "closes_month"), closes, rule, remedy, ("programme_end_month",))


def _challenges_outside_the_programme(values: Mapping[str, Any]) -> Iterator[BrokenRule]:
    """Yield the challenges that are to be posed before the programme begins or after it has ended."""
    start, end = _number(values.get("programme"), "starts_month"), _number(values, "programme_end_month")
    remedy = "Pose the challenge while the programme lasts"
    for path, challenge in _at(values, ("challenges", "*")):
        opens, closes = _number(challenge, "opens_month"), _number(challenge, "closes_month")
        if opens is not None and start is not None and opens < start:
            rule, changed = f"must be at least programme.starts_month, which is {start}", ("programme", "starts_month")
            yield BrokenRule((*path, "opens_month"), opens, rule, remedy, changed)
        if closes is not None and end is not None and closes > end:
            rule = f"must be at most programme_end_month, which is {end}: no consortium is funded later"
            yield BrokenRule((*path, "closes_month"), closes, rule, remedy, ("programme_end_month",))
