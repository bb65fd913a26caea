"""The Fellegi-Sunter model of an installation: what Splink learns from its cards, tempered by what is believed
beforehand, and the pairs it finds.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from itertools import islice
from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple

from ritorno.customers.rules import PairTier
from ritorno.duplicates.linking.comparing import (
    CANDIDATES,
    CERTAIN,
    CERTAIN_RECALL,
    COMPARISONS,
    HOUSEHOLDS,
    OF_THE_HOUSEHOLD,
    OTHERWISE,
    RARITIES,
    SHARED_LISTS,
    TRAINING,
    Comparison,
    Step,
)
from ritorno.duplicates.linking.normalising import Card, Comparable, comparable
from ritorno.duplicates.linking.tiers import REVIEW_FROM, Evidence, Level, tier_of
from ritorno.kit.logging import log

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
BELIEF_RARITY = 500
"""How common a value is believed to be counts as much as so many cards."""
LIKELY_AT_HOME, BELIEF_AT_HOME = 0.2, 100
"""How many pairs of one household are one person, and for how many pairs that belief counts."""
ROUNDS = 50
LEAST_DUPLICATES = 0.01
"""Duplicates per card expected where no sure one is found."""
RANDOM_PAIRS = 250_000
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


class Search:
    """One search: open it, add cards in batches, take the pairs.

    Everything it does takes a core for a while and none of it is asynchronous: call it from a thread.
    """

    def __init__(self) -> None:
        import duckdb  # noqa: PLC0415  only a search pays for it

        self._closing = ExitStack()
        folder = self._closing.enter_context(tempfile.TemporaryDirectory(prefix="ritorno-duplicates-"))
        connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": folder})
        self._connection = self._closing.enter_context(connection)
        columns = ", ".join(f"{name} text{'[]' if name in _LISTS else ''}" for name in Comparable._fields)
        self._connection.execute(f"create table cards ({columns})")

    def close(self) -> None:
        self._closing.close()

    def add(self, cards: Iterable[Card]) -> None:
        """Take cards in, brought to the spelling they are compared in."""
        import pyarrow as pa  # noqa: PLC0415

        schema = pa.schema(
            [(name, pa.list_(pa.string()) if name in _LISTS else pa.string()) for name in Comparable._fields]
        )
        rows = map(comparable, cards)
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
            self._connection.register("batch", pa.table(arrays, schema=schema))
            self._connection.execute("insert into cards select * from batch")
            self._connection.unregister("batch")

    def pairs(self, *, least: float = REVIEW_FROM) -> list[Pair]:
        """Return the pairs at or above a probability, surest first."""
        import splink  # noqa: PLC0415

        logging.getLogger("splink").setLevel(logging.ERROR)
        [(count,)] = self._connection.execute("select count(*) from cards").fetchall()
        if count < 2:
            return []
        _forget_common_contacts(self._connection)
        table = splink.DuckDBAPI(self._connection).register("cards")
        likely = _likelihood(self._connection, count)
        learnt = _learn(self._connection, table, likely, count * (count - 1) / 2)
        ceiling = _log_odds(_likely_at_home(self._connection, table, learnt)) - _log_odds(likely)
        found = (_pair(row, ceiling) for row in _predict(self._connection, table, learnt, least))
        return sorted((pair for pair in found if pair.probability >= least), key=lambda pair: -pair.probability)


def find_pairs(cards: Iterable[Card], *, least: float = REVIEW_FROM) -> list[Pair]:
    """Return the pairs among cards that fit in memory."""
    with closing(Search()) as search:
        search.add(cards)
        return search.pairs(least=least)


_LISTS = frozenset({"given_words", "given_roots", "family_words", *SHARED_LISTS})


def _forget_common_contacts(connection: "duckdb.DuckDBPyConnection") -> None:
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


# ── learning ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _learn(
    connection: "duckdb.DuckDBPyConnection", cards: "splink.SplinkDataFrame", likely: float, pair_count: float
) -> dict[str, Any]:
    """Return the settings of the model, as Splink keeps them, learnt from these cards."""
    import splink  # noqa: PLC0415

    frequencies = [
        (column, cards.db_api.register(_frequencies(connection, column, usual))) for column, usual in RARITIES.items()
    ]

    def opened(settings: Any) -> "splink.Linker":
        made = splink.Linker(cards, settings, log_level=None, validate_settings=False)
        for column, table in frequencies:
            made.table_management.register_term_frequency_lookup(table, column)
        return made

    linker = opened(_believed(likely))
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
    )
    for rule in TRAINING:
        # Splink's model is left in pieces by a rule that finds no pair, so it is asked only about what there is.
        some = connection.execute(f"select 1 from cards l join cards r on {rule} and l.id < r.id limit 1").fetchall()
        if not some:
            continue
        before = linker.misc.save_model_to_json()
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=TRAINING_PAIRS
            )
        except ValueError as refusal:
            if not _fell_to_nothing(refusal):
                raise
            # Where nobody stands twice the expectation falls to nothing, which Splink refuses half-way: this rule
            # teaches nothing then, and the model goes on as it was.
            log.info("duplicates.rule_taught_nothing", rule=TRAINING.index(rule))
            linker = opened(before)
    learnt: dict[str, Any] = linker.misc.save_model_to_json()
    told = {each["output_column_name"]: each["comparison_levels"][1:] for each in learnt["comparisons"]}
    for comparison in COMPARISONS:
        if comparison.is_learnt:
            _temper(comparison, told[comparison.field], likely, pair_count)
    return learnt


def _fell_to_nothing(refusal: ValueError) -> bool:
    """Tell whether Splink refused a probability too small for a float; it has no class of its own for that."""
    return "_probability value" in str(refusal) and "below the minimum" in str(refusal)


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


def _frequencies(connection: "duckdb.DuckDBPyConnection", column: str, usual: float) -> str:
    """Return the table of how common each value is; in a shop of two cards a name is not as common as it looks."""
    connection.execute(
        f"""create table frequencies_of_{column} as
            select {column}, (count(*) + {BELIEF_RARITY * usual}) / (sum(count(*)) over () + {BELIEF_RARITY})
                as tf_{column}
            from cards where {column} is not null group by {column}"""
    )
    return f"frequencies_of_{column}"


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


def _likely_at_home(
    connection: "duckdb.DuckDBPyConnection", cards: "splink.SplinkDataFrame", learnt: dict[str, Any]
) -> float:
    """Return how probable it is that two cards of one household are one person rather than two of a family.

    What only a person has is weighed as learnt already; the share of duplicates is the one thing left to estimate.
    """
    import splink  # noqa: PLC0415

    personal = {
        "comparisons": [each for each in learnt["comparisons"] if each["output_column_name"] not in OF_THE_HOUSEHOLD],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in HOUSEHOLDS],
        "probability_two_random_records_match": 0.5,
    }
    linker = splink.Linker(cards, learnt | personal, log_level=None, validate_settings=False)
    scored = linker.inference.predict(warning_mode="never")
    weighed = connection.execute(
        f"select round(match_weight, 1), count(*) from {scored.physical_name} group by all"
    ).fetchall()
    share = LIKELY_AT_HOME
    for _ in range(ROUNDS):
        odds = share / (1 - share)
        matches = sum(count * odds * 2**weight / (1 + odds * 2**weight) for weight, count in weighed)
        pairs = sum(count for _, count in weighed)
        share = (matches + BELIEF_AT_HOME * LIKELY_AT_HOME) / (pairs + BELIEF_AT_HOME)
    return share


def _log_odds(probability: float) -> float:
    return log2(probability / (1 - probability))


# ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _predict(
    connection: "duckdb.DuckDBPyConnection", cards: "splink.SplinkDataFrame", learnt: dict[str, Any], least: float
) -> Iterator[dict[str, Any]]:
    """Yield the rows of Splink's answer."""
    import splink  # noqa: PLC0415

    linker = splink.Linker(cards, learnt, log_level=None, validate_settings=False)
    found = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    rows = connection.execute(f"select * from {found.physical_name}")
    names = [name for name, *_ in rows.description]
    while batch := rows.fetchmany(BATCH):
        for row in batch:
            yield dict(zip(names, row, strict=True))


def _pair(row: dict[str, Any], ceiling: float) -> Pair:
    """Return a row of Splink's answer as a pair, with what speaks for the household held to what a household can say.

    Splink weighs each field as if it were independent of the others, which five people under one roof are not.
    """
    weights = {
        each.field: row[f"mw_{each.field}"] + (row.get(f"mw_tf_adj_{each.field}") or 0.0) for each in COMPARISONS
    }
    shared = sum(weights[field] for field in OF_THE_HOUSEHOLD)
    excess = max(shared - ceiling, 0.0)
    evidence = []
    for comparison in COMPARISONS:
        field, step = comparison.field, row[f"gamma_{comparison.field}"]
        level = Level.UNKNOWN if step < 0 else comparison.steps[len(comparison.steps) - 1 - step].level
        weight = weights[field] * (1 - excess / shared) if excess and field in OF_THE_HOUSEHOLD else weights[field]
        evidence.append(Evidence(field, level, round(weight, 2)))
    low, high = sorted((row["id_l"], row["id_r"]))
    probability = 1 / (1 + 2 ** (excess - row["match_weight"]))
    tier = tier_of(probability, {each.field: each.level for each in evidence})
    return Pair(low, high, probability, tier, tuple(sorted(evidence, key=lambda each: -each.weight)))
