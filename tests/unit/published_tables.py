"""Public tables that the scenarios were written from, and what a region is to say after them."""

import csv
from pathlib import Path

import numpy as np

BODY_CATALOGUES = ("brokers", "parks", "authorities", "universities")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table with its heads as keys."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bodies(scenario):
    """Return every body of a scenario by its key."""
    return {key: body for name in BODY_CATALOGUES for key, body in getattr(scenario, name).items()}


def rank_mapped_index(published, region):
    """The formula of scenarios/README.md."""
    both = np.array(
        [
            (float(row["gerd_pct_gdp"]), float(row["ris2019_index_eu100"]))
            for row in published.values()
            if row["group"] == "EU27" and row["gerd_pct_gdp"] and row["ris2019_index_eu100"]
        ]
    )
    spent = float(published[region]["gerd_pct_gdp"])
    share = (np.sum(both[:, 0] < spent) + 0.5 * np.sum(both[:, 0] == spent)) / len(both)
    return round(float(np.quantile(both[:, 1], share)), 1)


def assert_published_figures(scenario, region, published):
    """Place, population and product are the published ones, the index is the scoreboard's or the rank-mapped one."""
    written, row = scenario.regions[region], published[region]
    scored = row["ris2019_index_eu100"]
    assert (written.name, written.country) == (row["name"], row["country"])
    assert (written.latitude, written.longitude) == (float(row["lat"]), float(row["lon"]))
    assert written.population == int(row["population"])
    assert written.gdp_per_head_eur == float(row["gdp_eur_per_capita"])
    assert written.less_developed == (float(row["gdp_pps_index_eu27_100"]) < 75)
    assert written.innovation_index == (float(scored) if scored else rank_mapped_index(published, region))
    assert scenario.evidence[f"regions.{region}.innovation_index"].mark == ("measured" if scored else "assumed")
