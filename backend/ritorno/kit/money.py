"""Money: integer minor units inside, decimal strings outside, never floats (RULES S-23)."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

EXPONENTS = {"BHD": 3, "CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3, "VND": 0}
MAX_MINOR = 10**14


def exponent(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217; two unless listed)."""
    return EXPONENTS.get(currency, 2)


def to_minor(text: str, currency: str) -> int:
    """Return minor units; ValueError when the text is not a plain decimal or has more decimals than the currency."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not a decimal number") from error
    if not value.is_finite():
        raise ValueError("not a finite number")
    scaled = value.scaleb(exponent(currency))
    minor = int(scaled)
    if scaled != minor:
        raise ValueError(f"more decimals than {currency} has")
    if abs(minor) > MAX_MINOR:
        raise ValueError("too large an amount")
    return minor


def to_text(minor: int, currency: str) -> str:
    """Return the decimal string of minor units: 1230 EUR is `12.30`."""
    places = exponent(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


def _plain_decimal(text: str) -> str:
    to_minor(text, "KWD")
    return text


def _no_floats(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("send money as a decimal string, never as a float")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


MoneyText = Annotated[
    str,
    BeforeValidator(_no_floats),
    AfterValidator(_plain_decimal),
    Field(max_length=20, examples=["12.30"]),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,14}(\.\d{1,4})?$", "examples": ["12.30"]}),
]
"""An amount in the payload's currency, as a decimal string."""


class MoneyRead(BaseModel):
    """An amount with its currency, as the API says it."""

    amount: str = Field(examples=["12.30"])
    currency: str = Field(examples=["EUR"])

    @classmethod
    def of(cls, minor: int, currency: str) -> "MoneyRead":
        return cls(amount=to_text(minor, currency), currency=currency)
