"""Identity providers by configuration: what `sign-in.toml` says, as values. Pure; the file is read in `environment.py`.

    [oidc.work]                                    [saml.work]
    name = "Berk"                                  name = "Berk"
    issuer = "https://id.berk.example"             entity_id = "https://id.berk.example/saml"
    client_id = "evenwicht"                        sso_url = "https://id.berk.example/saml/sso"
    client_secret_env = "BERK_SECRET"              certificate = "MIIC…"
    domains = ["berk.example"]                     domains = ["berk.example"]
    role = "reader"                                role = "reader"

A provider speaks for its `domains`: their people are recognised by mail address and, where a `role` is named, get a seat the
first time they sign in. Of another address it has to say that it was verified, and then only somebody who has a seat is let in.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from evenwicht.errors import WrongCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OIDC, SAML = "oidc", "saml"
GIVEN_ROLES = ("member", "reader")
"""Roles a provider may give. An owner is made by an owner."""
_COMMON = {"name", "domains", "role"}
_KNOWN = {
    OIDC: _COMMON | {"issuer", "client_id", "client_secret", "client_secret_env"},
    SAML: _COMMON | {"entity_id", "sso_url", "certificate"},
}
_NEEDED = {OIDC: ("issuer", "client_id"), SAML: ("entity_id", "sso_url", "certificate")}
_KEY = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class Way:
    """One identity provider.

    kind      `oidc` or `saml`
    key       its name in addresses
    name      its name on the button
    issuer    who it says it is: the issuer, or the entity id
    domains   mail domains it speaks for
    role      the seat that people of these domains get at first; empty = only who was invited
    given     the rest, as it was written
    """

    kind: str
    key: str
    name: str
    issuer: str
    domains: tuple[str, ...]
    role: str
    given: Mapping[str, str]

    def speaks_for(self, email: str) -> bool:
        """Whether the provider is the authority on a mail address."""
        return email.rpartition("@")[2].lower() in self.domains


def read(text: str, surroundings: Mapping[str, str]) -> tuple[Way, ...]:
    """The providers a file names. Raises WrongCall for what cannot be used, with the place."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongCall("sign-in.toml cannot be read: {reason}.", reason=error) from None
    ways = []
    for kind, of_kind in found.items():
        if kind not in _KNOWN or not isinstance(of_kind, dict):
            raise WrongCall("sign-in.toml has {name}. There are [oidc.NAME] and [saml.NAME].", name=kind)
        ways += [_way(kind, key, given, surroundings) for key, given in of_kind.items()]
    twice = {way.key for way in ways if sum(other.key == way.key for other in ways) > 1}
    if twice:
        raise WrongCall("sign-in.toml names {name} twice. Each provider needs a name of its own.", name=min(twice))
    return tuple(ways)


def _way(kind: str, key: str, given: object, surroundings: Mapping[str, str]) -> Way:
    place = f"[{kind}.{key}]"
    if not isinstance(given, dict) or not _KEY.fullmatch(key):
        raise WrongCall("sign-in.toml has {name}. There are [oidc.NAME] and [saml.NAME].", name=place)
    unknown = sorted(set(given) - _KNOWN[kind])
    if unknown:
        raise WrongCall("sign-in.toml, {place}: {name} is not known. Known are {known}.", place=place, name=unknown[0],
                        known=", ".join(sorted(_KNOWN[kind])))
    values = dict(given)
    if "client_secret_env" in values:
        values["client_secret"] = surroundings.get(str(values["client_secret_env"]), "")
        if not values["client_secret"]:
            raise WrongCall("sign-in.toml, {place}: the variable {name} is empty.", place=place, name=values["client_secret_env"])
    for name in _NEEDED[kind]:
        if not isinstance(values.get(name), str) or not values[name].strip():
            raise WrongCall("sign-in.toml, {place}: {name} is missing.", place=place, name=name)
    for name in ("issuer", "sso_url"):
        if name in values and (urlsplit(values[name]).scheme not in {"http", "https"} or not urlsplit(values[name]).hostname):
            raise WrongCall("sign-in.toml, {place}: {name} is not an address.", place=place, name=name)
    role = str(values.get("role", ""))
    if role and role not in GIVEN_ROLES:
        raise WrongCall("sign-in.toml, {place}: a provider gives seats as member or reader, not as {role}. Owners are made by owners.",
                        place=place, role=role)
    domains = values.get("domains", [])
    if not isinstance(domains, list) or not all(isinstance(one, str) and "." in one and "@" not in one for one in domains):
        raise WrongCall("sign-in.toml, {place}: domains is a list such as [\"berk.example\"].", place=place)
    if role and not domains:
        raise WrongCall("sign-in.toml, {place}: a role without domains would let anybody in. Name the domains.", place=place)
    if kind == SAML and not saml_is_there():
        raise WrongCall("sign-in.toml, {place}: SAML needs an extra: pip install \"evenwicht[saml]\".", place=place)
    return Way(kind, key, str(values.get("name") or key), str(values.get("issuer") or values["entity_id"]).strip(),
               tuple(one.lower() for one in domains), role, {name: str(value) for name, value in values.items() if isinstance(value, str)})


def saml_is_there() -> bool:
    """Whether the library for SAML is installed."""
    return importlib.util.find_spec("onelogin") is not None and importlib.util.find_spec("xmlsec") is not None


def oidc_apps(ways: Iterable[Way]) -> list[dict[str, Any]]:
    """OpenID Connect providers as the library for signing in takes them."""
    return [{
        "provider_id": way.key, "name": way.name, "client_id": way.given["client_id"], "secret": way.given.get("client_secret", ""),
        "settings": {"server_url": way.issuer.rstrip("/"), "issuer": way.issuer},
    } for way in ways if way.kind == OIDC]


def saml_apps(ways: Iterable[Way]) -> list[dict[str, Any]]:
    """SAML providers as the library for signing in takes them: assertions are signed, and only answers to a question count."""
    return [{
        "provider_id": way.key, "name": way.name, "client_id": way.key,
        "settings": {
            "idp": {"entity_id": way.issuer, "sso_url": way.given["sso_url"], "x509cert": _bare(way.given["certificate"])},
            "attribute_mapping": {"email": list(_MAIL), "name": list(_NAME)},
            "use_nameid_for_email": False,
            "advanced": {"strict": True, "want_assertion_signed": True, "reject_idp_initiated_sso": True, "want_attribute_statement": False,
                         "allow_single_label_domains": True, "want_name_id": True},
        },
    } for way in ways if way.kind == SAML]


_MAIL = ("urn:oid:0.9.2342.19200300.100.1.3", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "email", "mail")
_NAME = ("urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "displayName", "name")


def _bare(certificate: str) -> str:
    """A certificate without its first and last line."""
    return "".join(line.strip() for line in certificate.splitlines() if not line.startswith("-----"))
