"""Country packs (D-03, D-07, D-08): which one is chosen, what they say, and how two of them join."""

from datetime import UTC, date, datetime, time
from importlib.resources import files

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents.rulepack import country_of_number, pack_for, rule_pack
from ritorno.consents.rules import Channel, RulePack, next_open, stricter
from ritorno.consents.rules.hours import easter, is_holiday, overlap

TODAY = date(2026, 11, 17)
ITALY, FRANCE, BRITAIN, UNION = (rule_pack(country, TODAY) for country in ("IT", "FR", "GB", "EU"))
PACKS = st.sampled_from([ITALY, FRANCE, BRITAIN, UNION])


def test_d_03_the_recipients_country_chooses_and_the_stricter_of_both_wins() -> None:
    to_france, to_germany = pack_for("FR", "IT", TODAY), pack_for("DE", "IT", TODAY)

    assert pack_for("IT", "IT", TODAY) == ITALY
    assert (to_france.country, to_france.phone_consent_months, to_france.ages.parent_below) == ("FR", 12, 15)
    assert (to_germany.country, to_germany.ages.parent_below) == ("DE", 16)
    calls = to_france.hours_of(Channel.PHONE_OPERATOR)
    assert calls is not None
    assert (calls.weekday, calls.saturday) == (((time(10), time(13)), (time(14), time(20))), ())
    # An enquiry counts as a sale only where both countries say so (D-E4).
    assert rule_pack("GB", TODAY).counts_enquiries
    assert not pack_for("GB", "IT", TODAY).counts_enquiries


def test_d_03_a_register_lists_the_numbers_of_its_own_country() -> None:
    assert pack_for("IT", "GB", TODAY).rpo_days == 15
    assert pack_for("FR", "IT", TODAY).rpo_days is None


@pytest.mark.parametrize("unknown", [None, "US", "BR"])
def test_d_03_an_unknown_country_is_any_of_the_union_and_italy_at_once(unknown: str | None) -> None:
    found = pack_for(unknown, "IT", TODAY)

    assert found._replace(country="EU", from_on=UNION.from_on) == stricter(ITALY, UNION)._replace(
        country="EU", from_on=UNION.from_on
    )
    assert (found.rpo_days, found.ages.parent_below) == (15, 16)


def test_d_03_packs_hold_from_their_date() -> None:
    assert rule_pack("FR", date(2026, 8, 10)).phone_consent_months is None
    assert rule_pack("FR", date(2026, 8, 11)).phone_consent_months == 12
    assert rule_pack("IT", date(2026, 6, 18)).sectors == ()
    assert {rule.sector for rule in rule_pack("IT", date(2026, 6, 19)).sectors} == {"energy"}
    assert rule_pack("IT", date(1999, 1, 1)).country == "IT"


def test_d_08_every_pack_says_where_it_comes_from() -> None:
    found = [
        orjson.loads(file.read_bytes())
        for folder in files("ritorno.rulepack").iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".json")
    ]

    assert {raw["country"] for raw in found} == {"IT", "EU", "FR", "GB"}
    assert all(raw["source"] for raw in found)
    assert all("nchecked" in raw["source"] for raw in found if raw["country"] != "IT")


@pytest.mark.parametrize(
    ("number", "country"),
    [("+39333", "IT"), ("+3906", "IT"), ("+33612", "FR"), ("+44207", "GB"), ("+1212", "US"), ("+80012", None)],
)
def test_a_numbers_country_is_in_its_first_digits(number: str, country: str | None) -> None:
    assert country_of_number(number[:4]) == country


def test_d_07_holidays_of_weekdays_are_known() -> None:
    bank_holidays = [date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31)]

    assert all(is_holiday(day, BRITAIN.holidays) for day in bank_holidays)
    assert not is_holiday(date(2026, 5, 11), BRITAIN.holidays)
    assert is_holiday(easter(2026), FRANCE.holidays) is False  # a Sunday anyway
    assert is_holiday(date(2026, 5, 14), FRANCE.holidays)  # Ascension


def test_windows_that_never_meet_stay_shut() -> None:
    morning, evening = ((time(9), time(12)),), ((time(14), time(20)),)
    hours = ITALY.hours_of(Channel.SMS)
    assert hours is not None

    assert overlap(morning, evening) == ()
    shut = hours._replace(weekday=(), saturday=())
    assert next_open(datetime(2026, 11, 17, 12, tzinfo=UTC), shut, ITALY.holidays, ("Europe/Rome",)) is None


@settings(max_examples=120, deadline=None)
@given(PACKS, PACKS, st.integers(0, 700_000), st.sampled_from([*Channel]))
def test_d_03_the_stricter_pack_never_opens_what_either_keeps_shut(
    one: RulePack, other: RulePack, minutes: int, channel: Channel
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC).fromtimestamp(1_767_225_600 + minutes * 60, UTC)
    joined = stricter(one, other)
    zone = ("Europe/Rome",)

    def is_open(pack: RulePack) -> bool:
        hours = pack.hours_of(channel)
        return hours is None or next_open(at, hours, pack.holidays, zone) == at

    assert not is_open(joined) or (is_open(one) and is_open(other))
    assert joined.soft_optin_months <= min(one.soft_optin_months, other.soft_optin_months)
    assert joined.ages.parent_below == max(one.ages.parent_below, other.ages.parent_below)
    assert set(one.sectors) | set(other.sectors) == set(joined.sectors)
    for pack in (one, other):
        assert joined.cap_all.most <= pack.cap_all.most
        assert (pack.phone_consent_months is None) or (joined.phone_consent_months or 0) > 0
    assert stricter(one, one) == one
    swapped = stricter(other, one)
    assert swapped._replace(country="", from_on=TODAY, zones=(), hours=(), caps=(), sectors=()) == joined._replace(
        country="", from_on=TODAY, zones=(), hours=(), caps=(), sectors=()
    )
