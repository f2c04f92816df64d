"""Berk Verpakkingen, a small supplier of packaging in Utrecht, and a dozen partners. All invented, under `.example`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST, LAST = date(2024, 7, 1), date(2026, 6, 30)


@dataclass(frozen=True)
class Person:
    """Somebody at a firm; `until` and `since` where people come and go."""

    name: str
    address: str
    since: date = FIRST
    until: date = LAST


@dataclass(frozen=True)
class Firm:
    """An organisation with its numbers. Numbers have valid check digits and belong to nobody."""

    key: str
    name: str
    domain: str
    town: str
    kvk: str
    vat: str
    iban: str
    people: tuple[Person, ...]
    country: str = "NL"
    language: str = "nl"
    account: str = ""  # in Berk's books

    def at(self, day: date) -> Person:
        """Who writes for the firm on a day."""
        return next((one for one in self.people if one.since <= day <= one.until), self.people[-1])


def iban(country: str, bank: str, number: str) -> str:
    """An IBAN with the right check digits (ISO 13616, mod 97-10)."""
    digits = "".join(str(int(sign, 36)) for sign in bank + number + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{bank}{number}"


def _firm(number: int, key: str, name: str, town: str, *people: Person, country: str = "NL", language: str = "nl") -> Firm:
    vat = f"NL{900_112_000 + number:09d}B01" if country == "NL" else f"GB{900_112_000 + number:09d}"
    account = f"{number:03d}".rjust(10, "0")
    bank = iban("NL", "EXMP", account) if country == "NL" else iban("GB", "EXMP", "0099" + account)
    return Firm(key, name, f"{key}.example", town, str(90_011_200 + number), vat, bank, people, country, language, f"R{1000 + number}")


def _one(key: str, name: str, since: date = FIRST, until: date = LAST) -> Person:
    first = name.split(maxsplit=1)[0].lower()
    return Person(name, f"{first}@{key}.example", since, until)


INGE, RUUD = _one("berk", "Inge Mulder"), _one("berk", "Ruud Kamphuis")
SANNE, BEA = _one("berk", "Sanne de Boer"), Person("Bea Smits", "administratie@berk.example")

BERK = _firm(0, "berk", "Berk Verpakkingen BV", "Utrecht", INGE, RUUD, SANNE, BEA)

FIRMS: dict[str, Firm] = {
    firm.key: firm for firm in (
        _firm(11, "koster", "Koster Groep NV", "Rotterdam", _one("koster", "Karin Koster")),
        _firm(12, "hendriks", "Hendriks Techniek BV", "Arnhem", _one("hendriks", "Joris Hendriks")),
        _firm(13, "visser", "Visser Logistiek BV", "Zwolle",
              _one("visser", "Anna Visser", FIRST, date(2026, 4, 10)), _one("visser", "Thomas Blom", date(2026, 4, 11), LAST)),
        _firm(14, "molenaar", "Molenaar Bouw BV", "Breda", _one("molenaar", "Piet Molenaar")),
        _firm(15, "bakker", "Bakker Beurzen BV", "Haarlem", _one("bakker", "Eline Bakker")),
        _firm(16, "dewit", "De Wit Installaties BV", "Tilburg", _one("dewit", "Marco de Wit")),
        _firm(17, "overveld", "Overveld & Partners", "Amersfoort", _one("overveld", "Hanna Overveld")),
        _firm(18, "harlow", "Harlow Foods Ltd", "Leeds", _one("harlow", "Tom Harlow"), country="GB", language="en"),
        _firm(19, "noorderlicht", "Studio Noorderlicht", "Groningen", _one("noorderlicht", "Femke Dijk")),
        _firm(20, "jansensmit", "Jansen & Smit VOF", "Deventer", _one("jansensmit", "Wim Jansen")),
        _firm(21, "voskarton", "Vos Karton BV", "Apeldoorn", _one("voskarton", "Lotte Vos")),
        _firm(22, "vandam", "Van Dam Transport BV", "Nieuwegein", _one("vandam", "Kees van Dam")),
    )
}
