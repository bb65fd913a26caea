"""`make bench [ONLY=gate,dispatch] [SCALE=full]`: one line of JSON for each benchmark, then a table to read."""

import argparse
import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCALES = {"small": 0.05, "full": 1.0}


def main() -> int:
    arguments = _arguments()
    found = names()
    wanted = arguments.only or found
    if unknown := sorted(set(wanted) - set(found)):
        print(f"There is no benchmark named {', '.join(unknown)}; there are {', '.join(found)}.", file=sys.stderr)
        return 2
    results: list[dict[str, Any]] = []
    for name in wanted:
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        for result in measure(name, SCALES[arguments.scale]):
            results.append(result)
            print(json.dumps(result, default=str), flush=True)
    print("\n" + table(results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", type=lambda text: text.split(","), help="names separated by commas")
    parser.add_argument("--scale", choices=SCALES, default="small")
    return parser.parse_args()


def names() -> list[str]:
    """Return the benchmarks there are: every module of this folder that can `run`."""
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    return [file.stem.replace("_", "-") for file in files if "\ndef run(" in file.read_text() or _is_async(file)]


def _is_async(file: Path) -> bool:
    return "\nasync def run(" in file.read_text()


def measure(name: str, scale: float) -> list[dict[str, Any]]:
    """Run one benchmark and return its results."""
    module = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
    result = module.run(scale)
    if inspect.iscoroutine(result):
        result = asyncio.run(result)
    return result if isinstance(result, list) else [result]


def table(results: Sequence[dict[str, Any]]) -> str:
    """Return the figures beside their limits, as people read them."""
    rows = [("work", "figure", "unit", "limit", "ratio")]
    rows += [
        (row["name"], _number(row["figure"]), str(row["unit"]), _number(row["limit"]), _number(row["ratio"]))
        for row in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])


def _number(value: object) -> str:
    if isinstance(value, float) and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}" if isinstance(value, int | float) else "–" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main())
