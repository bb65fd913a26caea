"""Words on paper, in the language of whoever reads the letter; countries in that of the shop."""

from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

_PREFERENCES = (
    "Le sue preferenze e i suoi dati: inquadri il codice. Da lì può anche dire di non volere più lettere.",
    "Your choices and your data: scan the code. There you can also say that you want no more letters.",
)
_RETURN = ("Mitt.", "From")


def preferences_words(language: str) -> str:
    """Return what stands beside the code that leads to the person's own page."""
    return _PREFERENCES[language == "en"]


def return_line(language: str, name: str, address: str) -> str:
    """Return the small line above the address, by which the post brings a letter back."""
    return f"{_RETURN[language == 'en']}: " + " · ".join(part for part in (name, " ".join(address.split())) if part)


def country_name(code: str, language: str) -> str:
    """Return a country as the post of another one reads it; a code nobody knows stays one."""
    names = _countries().get(code, {})
    return names.get(language) or names.get("en") or code


@cache
def _countries() -> dict[str, dict[str, str]]:
    """Return the names of countries in our languages, from the file of `phonenumbers` that lists them. Importing it the
    usual way loads where every number of the world lies as well, a hundred megabytes for each process.
    """
    package = find_spec("phonenumbers")
    assert package is not None, "phonenumbers is installed"
    assert package.origin is not None, "phonenumbers is a folder"
    spec = spec_from_file_location("phonenumbers.names.locale", Path(package.origin).parent / "geodata" / "locale.py")
    assert spec is not None, "a file of Python has a loader"
    assert spec.loader is not None, "a file of Python has a loader"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        # An entry that begins with a star says in which language the name is the same.
        code: {each: names.get(said[1:], code) if said.startswith("*") else said for each, said in told}
        for code, names in module.LOCALE_DATA.items()
        if (told := [(each, names[each]) for each in ("it", "en") if each in names])
    }


CSV_COLUMNS = {
    "it": ("numero", "codice", "nome", "riga 1", "riga 2", "riga 3", "riga 4", "riga 5", "riga 6", "CAP", "città",
           "provincia", "paese", "pagine"),
    "en": ("number", "code", "name", "line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "postcode", "city",
           "province", "country", "pages"),
}  # fmt: skip
"""The head of the file for the printer, in the language of the shop."""
