"""Reads the dated rule packs of `ritorno/rulepack/`; the gate receives them as values and never opens a file (D-03)."""

from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from ritorno.consents.rules.hours import Cap, Holidays, Hours, RulePack, Window
from ritorno.consents.rules.ledger import Ages
from ritorno.consents.rules.terms import Channel


def rule_pack(country: str, on: date) -> RulePack:
    """Return the pack in force for a country on a day; a country without its own follows the business's, Italy."""
    packs = _packs(country) or _packs("IT")
    in_force = [pack for pack in packs if pack.from_on <= on]
    return in_force[-1] if in_force else packs[0]


@cache
def _packs(country: str) -> tuple[RulePack, ...]:
    folder = files("ritorno.rulepack") / country.lower()
    if not country.isalpha() or not folder.is_dir():
        return ()
    named = sorted((item for item in folder.iterdir() if item.name.endswith(".json")), key=lambda item: item.name)
    return tuple(_read(orjson.loads(item.read_bytes())) for item in named)


def _read(raw: dict[str, Any]) -> RulePack:
    holidays = Holidays(
        fixed=tuple(
            (int(each["day"][:2]), int(each["day"][3:]), each.get("from_year", 0)) for each in raw["holidays"]["fixed"]
        ),
        easter_offsets=tuple(raw["holidays"]["easter_offsets"]),
    )
    return RulePack(
        country=raw["country"],
        from_on=date.fromisoformat(raw["from"]),
        zones=tuple(raw["zones"]),
        holidays=holidays,
        hours=tuple((Channel(name), _hours(each)) for name, each in raw["hours"].items()),
        caps=tuple((Channel(name), Cap(**each)) for name, each in raw["caps"]["channels"].items()),
        cap_all=Cap(**raw["caps"]["all"]),
        longest_wait=timedelta(hours=raw["caps"]["longest_wait_hours"]),
        soft_optin_months=raw["soft_optin_months"],
        rpo_days=raw["rpo_days"],
        ages=Ages(raw["parent_below_age"], raw["adult_age"]),
    )


def _hours(raw: dict[str, Any]) -> Hours:
    days = ("weekday", "saturday", "sunday", "eve", "holiday")
    return Hours(**{day: _window(raw[day]) for day in days}, rule=raw["rule"])


def _window(raw: list[str] | None) -> Window | None:
    return (time.fromisoformat(raw[0]), time.fromisoformat(raw[1])) if raw else None
