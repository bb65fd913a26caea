"""Stores and the business as the API speaks of them."""

from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from ritorno.kit.schemas import Input, Schema
from ritorno.stores.rules import Sector


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not an IANA time zone")
    return name


Zone = Annotated[str, AfterValidator(_zone), Field(examples=["Europe/Rome"])]


class StoreRead(Schema):
    id: UUID
    code: str
    name: str
    city: str | None
    timezone: str | None


class StorePut(Input):
    name: str = Field(min_length=1, max_length=200)
    city: str | None = Field(default=None, max_length=200)
    timezone: Zone | None = None


class BusinessRead(Schema):
    name: str
    address: str
    email: str
    phone: str
    country: str
    timezone: str
    currency: str
    language: str
    sector: Sector | None
    is_invented: bool


class BusinessPatch(Input):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    address: str | None = Field(default=None, max_length=500)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    timezone: Zone | None = None
    language: str | None = Field(default=None, pattern="^(it|en)$")
    sector: Sector | None = Field(default=None, description="`null` says that no sector rule applies.")
