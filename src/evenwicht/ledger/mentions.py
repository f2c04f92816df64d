"""A mention: identifiers that one document gives to one organisation. `ledger.parties` joins mentions into parties."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """Identifiers (`ledger.identifiers`) that stood together on one document, and the name beside them.

    `identifiers` are `birch.nl`, `vat:NL…`, `kvk:12345678`, `peppol:0106:12345678`, `iban:NL…`, `name:birch-bv`.
    `name` is the name as written, for people to read. `own` says the file itself tells that this is the party
    whose books or account it is (account holder, header of an audit file, owner of the sent mail).
    """

    identifiers: tuple[str, ...]
    name: str = ""
    own: bool = False
