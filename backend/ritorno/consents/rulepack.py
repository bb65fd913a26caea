"""Reads the dated rule packs of `ritorno/rulepack/`; the gate receives them as values and never opens a file (D-03)."""

from datetime import date, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import orjson
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from ritorno.consents.rules.hours import Cap, Holidays, Hours, Windows
from ritorno.consents.rules.ledger import Ages
from ritorno.consents.rules.packs import RulePack, SectorRule, for_recipient, stricter
from ritorno.consents.rules.terms import Channel

HOME = "IT"
NEUTRAL = "EU"
"""What holds in every country of the Union and the EEA that has no pack of its own."""

_UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


@lru_cache(maxsize=1024)
def pack_for(recipient: str | None, sender: str, on: date) -> RulePack:
    """Return the stricter of the recipient's rules and the sender's on a day; a country unknown to us is treated as
    any of the Union that is also Italy.
    """
    ours = rule_pack(sender, on)
    if recipient is None or (recipient not in _UNION and not _packs(recipient)):
        return stricter(ours, stricter(rule_pack(NEUTRAL, on), rule_pack(HOME, on)))._replace(country=recipient or "")
    theirs = rule_pack(recipient, on)
    return ours if theirs == ours else for_recipient(theirs, ours)._replace(country=recipient)


def rule_pack(country: str, on: date) -> RulePack:
    """Return the pack in force in a country on a day; one without its own follows the neutral pack of the Union."""
    packs = _packs(country) or _packs(NEUTRAL)
    in_force = [pack for pack in packs if pack.from_on <= on]
    return in_force[-1] if in_force else packs[0]


@lru_cache(maxsize=1024)
def country_of_number(prefix: str) -> str | None:
    """Return the country of an E.164 number by its first digits, None when nobody has them; four characters do."""
    for length in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(prefix[1 : 1 + length] or 0))
        if regions:
            return regions[0] if regions[0].isalpha() else None
    return None


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
        weekdays=tuple((each["month"], each["weekday"], each["nth"]) for each in raw["holidays"].get("weekdays", ())),
    )
    return RulePack(
        country=raw["country"],
        from_on=date.fromisoformat(raw["from"]),
        zones=tuple(raw["zones"]),
        holidays=holidays,
        hours=tuple((Channel(name), _hours(each)) for name, each in raw["hours"].items()),
        caps=tuple((Channel(name), Cap(**each)) for name, each in raw["caps"]["channels"].items()),
        cap_all=Cap(**raw["caps"]["all"]),
        cap_requested=Cap(**raw["caps"]["requested"]),
        longest_wait=timedelta(hours=raw["caps"]["longest_wait_hours"]),
        soft_optin_months=raw["soft_optin_months"],
        counts_enquiries=raw["counts_enquiries"],
        rpo_days=raw["rpo_days"],
        rpo_post_days=raw["rpo_post_days"],
        phone_consent_months=raw["phone_consent_months"],
        ages=Ages(raw["parent_below_age"], raw["adult_age"]),
        sectors=tuple(
            SectorRule(each["sector"], frozenset(map(Channel, each["channels"]))) for each in raw["consent_only"]
        ),
    )


def _hours(raw: dict[str, Any]) -> Hours:
    days = {day: _windows(raw[day]) for day in ("weekday", "saturday", "sunday", "holiday")}
    return Hours(**days, eve=None if raw["eve"] is None else _windows(raw["eve"]), rule=raw["rule"])


def _windows(raw: list[Any] | None) -> Windows:
    """Return the windows of a day: none, one as two times, or several as pairs of them."""
    if not raw:
        return ()
    pairs = [raw] if isinstance(raw[0], str) else raw
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs)
