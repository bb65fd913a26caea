"""The quick ways through a million addresses say what the libraries say (B-11, B-12, B-16)."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from ritorno.customers.normalising import Refused, normalise_email, normalise_phone

LOCALS = st.text(alphabet="abzAZ019._+-", min_size=1, max_size=70)
DOMAINS = st.sampled_from(
    ["example.it", "MAIL.example.com", "a", "a..it", "-a.it", "it.", "xn--a.it", "a.test", "a b.it"]
)


@given(LOCALS, DOMAINS)
def test_an_address_is_judged_as_the_library_judges_it(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        parsed = validate_email(text.removesuffix("."), check_deliverability=False, allow_smtputf8=False)
        expected = f"{parsed.local_part}@{parsed.ascii_domain.lower()}"
    except EmailNotValidError:
        expected = None

    try:
        found = normalise_email(text).value
    except Refused:
        found = None

    assert found == expected


@given(st.sampled_from(["", "+39", "0039", "+39 "]), st.text(alphabet="0123456789", min_size=1, max_size=13))
def test_an_italian_number_is_read_as_the_library_reads_it(prefix: str, digits: str) -> None:
    text = f"{prefix}3{digits}"
    parsed = phonenumbers.parse(text, "IT")
    valid = phonenumbers.is_valid_number(parsed)

    try:
        found = normalise_phone(text, "IT").e164
    except Refused:
        found = None

    if found is not None:
        assert valid
        assert found == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    else:
        assert not valid or phonenumbers.number_type(parsed) != phonenumbers.PhoneNumberType.MOBILE
