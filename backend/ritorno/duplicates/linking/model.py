"""The Fellegi-Sunter model of an installation: what Splink learns from its cards, tempered by what is believed
beforehand, and the pairs it finds.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ritorno.customers.rules import PairTier
from ritorno.duplicates.linking.comparing import (
    CANDIDATES,
    CERTAIN,
    CERTAIN_RECALL,
    COMPARISONS,
    OTHERWISE,
    SHARED_LISTS,
    TRAINING,
    Comparison,
    Step,
)
from ritorno.duplicates.linking.normalising import Card, Comparable, comparable
from ritorno.duplicates.linking.tiers import REVIEW_FROM, Evidence, Level, tier_of

if TYPE_CHECKING:
    import duckdb
    import splink

MEMORY_LIMIT = "1GB"
"""Beyond it DuckDB works on disk."""
THREADS = 2
BATCH = 20_000
COMMON_FROM = 20
"""A phone or email on so many cards is the shop's own or a filler, and tells nobody apart."""
BELIEF_M, BELIEF_U = 300, 100_000
"""What is believed beforehand counts as much as so many duplicates, and so many pairs of two people."""
LEAST_DUPLICATES = 0.01
"""Duplicates per card expected where no sure one is found."""
RANDOM_PAIRS = 500_000
TRAINING_PAIRS = 500_000
SEED = 20_261_124
LEAST = 1e-7


class Pair(NamedTuple):
    """Two cards that are likely one person; `low` is the smaller id."""

    low: str
    high: str
    probability: float
    tier: PairTier
    evidence: tuple[Evidence, ...]


def find_pairs(cards: Iterable[Card], *, least: float = REVIEW_FROM) -> list[Pair]:
    """Return the pairs at or above the review threshold, surest first. It takes a core for seconds: run it in a
    thread.
    """
    import splink  # noqa: PLC0415  only a search pays for it

    with _database() as connection:
        count = _load(connection, map(comparable, cards))
        if count < 2:
            return []
        table = splink.DuckDBAPI(connection).register("cards")
        likely, pair_count = _likelihood(connection, count), count * (count - 1) / 2
        learnt = _learn(table, likely, pair_count)
        return sorted(_predict(connection, table, learnt, least), key=lambda pair: -pair.probability)


@contextmanager
def _database() -> "Iterator[duckdb.DuckDBPyConnection]":
    import duckdb  # noqa: PLC0415

    logging.getLogger("splink").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="ritorno-duplicates-") as folder:
        settings = {"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": folder}
        with duckdb.connect(config=settings) as connection:
            yield connection


def _load(connection: "duckdb.DuckDBPyConnection", rows: Iterable[Comparable]) -> int:
    """Copy the cards in, and return how many there are."""
    import pyarrow as pa  # noqa: PLC0415

    texts = pa.list_(pa.string())
    lists = {"given_words", "given_roots", "family_words", *SHARED_LISTS}
    schema = pa.schema([(name, texts if name in lists else pa.string()) for name in Comparable._fields])
    columns = ", ".join(f"{name} text{'[]' if name in lists else ''}" for name in Comparable._fields)
    connection.execute(f"create table cards ({columns})")
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        arrays = [pa.array(values, kind) for values, kind in zip(zip(*batch, strict=True), schema.types, strict=True)]
        connection.register("batch", pa.table(arrays, schema=schema))
        connection.execute("insert into cards select * from batch")
        connection.unregister("batch")
    for column in SHARED_LISTS:
        common = connection.execute(
            f"select value from (select unnest({column}) as value from cards) group by value having count(*) > ?",
            [COMMON_FROM],
        ).fetchall()
        if common:
            connection.execute(
                f"update cards set {column} = list_filter({column}, lambda value: not list_contains(?, value))",
                [[value for (value,) in common]],
            )
    [(count,)] = connection.execute("select count(*) from cards").fetchall()
    return int(count)


# ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _learn(cards: "splink.SplinkDataFrame", likely: float, pair_count: float) -> dict[str, Any]:
    """Return the settings of the model, as Splink keeps them, learnt from these cards."""
    import splink  # noqa: PLC0415
    from splink.internals.exceptions import EMTrainingException  # noqa: PLC0415

    linker = splink.Linker(cards, _believed(likely), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None)
    for rule in TRAINING:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=TRAINING_PAIRS
            )
        except EMTrainingException:
            # Too few cards share what the rule names: what is believed stands.
            continue
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    for comparison, told in zip(COMPARISONS, learnt["comparisons"], strict=True):
        if comparison.is_learnt:
            _temper(comparison, told["comparison_levels"][1:], likely, pair_count)
    return learnt


def _believed(likely: float) -> "splink.SettingsCreator":
    """Return the model before it has seen any card."""
    import splink  # noqa: PLC0415
    from splink.blocking_rule_library import CustomRule  # noqa: PLC0415
    from splink.comparison_library import CustomComparison  # noqa: PLC0415

    return splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=likely,
        comparisons=[
            CustomComparison(
                output_column_name=comparison.field.value,
                comparison_levels=[
                    {"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True},
                    *(_step(step) for step in comparison.steps),
                ],
            )
            for comparison in COMPARISONS
        ],
        blocking_rules_to_generate_predictions=[
            *(CustomRule(rule) for rule in CANDIDATES),
            *(CustomRule(f"l.{column} = r.{column}", arrays_to_explode=[column]) for column in SHARED_LISTS),
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        max_iterations=20,
    )


def _step(step: Step) -> dict[str, Any]:
    weighed = {"tf_adjustment_column": step.rarity, "disable_tf_exact_match_detection": True} if step.rarity else {}
    return {
        "sql_condition": "ELSE" if step.condition == OTHERWISE else step.condition,
        "label_for_charts": step.level.value,
        "m_probability": step.m,
        "u_probability": step.u,
        **weighed,
    }


def _temper(comparison: Comparison, told: list[dict[str, Any]], likely: float, pair_count: float) -> None:
    """Bring what was learnt back towards what is believed, the more the fewer cards there are.

    Splink's random pairs hold duplicates too, which a small shop notices: their share is taken out of u.
    """
    duplicates, others = likely * pair_count, min(pair_count, RANDOM_PAIRS)
    for step, level in zip(comparison.steps, told, strict=True):
        seen_m, seen_u = level.get("m_probability", step.m), level.get("u_probability", step.u)
        seen_u = max((seen_u - likely * seen_m) / (1 - likely), 0.0)
        level["m_probability"] = (step.m * BELIEF_M + seen_m * duplicates) / (BELIEF_M + duplicates)
        level["u_probability"] = max((step.u * BELIEF_U + seen_u * others) / (BELIEF_U + others), LEAST)
    for name in ("m_probability", "u_probability"):
        total = sum(level[name] for level in told)
        for level in told:
            level[name] /= total


def _likelihood(connection: "duckdb.DuckDBPyConnection", count: int) -> float:
    """Return how probable it is that two cards taken at random are one person."""
    pairs = " union ".join(f"select l.id, r.id from cards l join cards r on {rule} and l.id < r.id" for rule in CERTAIN)
    [(found,)] = connection.execute(f"select count(*) from ({pairs})").fetchall()
    expected = max(found / CERTAIN_RECALL, count * LEAST_DUPLICATES)
    return min(float(expected) / (count * (count - 1) / 2), 0.5)


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _predict(
    connection: "duckdb.DuckDBPyConnection", cards: "splink.SplinkDataFrame", learnt: dict[str, Any], least: float
) -> "Iterator[Pair]":
    import splink  # noqa: PLC0415

    linker = splink.Linker(cards, learnt, log_level=None)
    found = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    rows = connection.execute(f"select * from {found.physical_name}")
    names = [name for name, *_ in rows.description]
    while batch := rows.fetchmany(BATCH):
        for row in batch:
            yield _pair(dict(zip(names, row, strict=True)))


def _pair(row: dict[str, Any]) -> Pair:
    evidence = []
    for comparison in COMPARISONS:
        field = comparison.field
        step = row[f"gamma_{field}"]
        level = Level.UNKNOWN if step < 0 else comparison.steps[len(comparison.steps) - 1 - step].level
        weight = row[f"mw_{field}"] + (row.get(f"mw_tf_adj_{field}") or 0.0)
        evidence.append(Evidence(field, level, round(weight, 2)))
    low, high = sorted((row["id_l"], row["id_r"]))
    probability = row["match_probability"]
    tier = tier_of(probability, {each.field: each.level for each in evidence})
    return Pair(low, high, probability, tier, tuple(sorted(evidence, key=lambda each: -each.weight)))
