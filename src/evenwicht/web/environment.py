"""What the surroundings say: where things are kept, who may connect, which database. Nothing else asks the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from evenwicht.engines.home import home
from evenwicht.errors import WrongCall

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=268435456;PRAGMA cache_size=-65536;"
    "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
)
"""Readers beside one writer, no file system call for each commit; as measured in ADR 30."""
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves. Without a host it is written to `EVENWICHT_HOME/mail`, one file each."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    tls: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that is set from outside.

    url         the public address, as `https://evenwicht.example.com`; empty = only this machine
    largest     bytes one upload may have
    """

    home: Path
    host: str
    port: int
    url: str
    database: dict[str, Any]
    secret: str
    mail: Mail
    largest: int

    @property
    def https(self) -> bool:
        return self.url.startswith("https:")

    @property
    def hosts(self) -> list[str]:
        """Names under which requests are answered."""
        named = urlsplit(self.url).hostname if self.url else None
        own = [self.host] if self.host not in {"0.0.0.0", "::"} else []  # noqa: S104  "every address" is no name
        return list(dict.fromkeys([*LOOPBACK, *own, *([named] if named else [])]))


def environment() -> Environment:
    """The surroundings as they are now. Raises WrongCall for a value that cannot be used."""
    place = home().resolve()
    return Environment(
        home=place, host=os.environ.get("HOST") or "127.0.0.1", port=_number("PORT", 8000), url=_url(),
        database=database_of(os.environ.get("DATABASE_URL") or "", place),
        secret=os.environ.get("SECRET_KEY") or kept_secret(place),
        mail=Mail(os.environ.get("EMAIL_HOST", ""), _number("EMAIL_PORT", 587), os.environ.get("EMAIL_USER", ""),
                  os.environ.get("EMAIL_PASSWORD", ""), os.environ.get("EMAIL_FROM") or "evenwicht@localhost",
                  os.environ.get("EMAIL_TLS", "starttls")),
        largest=_number("EVENWICHT_LARGEST_MB", 4000) * MEGABYTE,
    )


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:  # noqa: PLR2004
        raise WrongCall("{name} is {value}. It is a whole number, such as {example}.", name=name, value=text, example=default)
    return int(text)


def _url() -> str:
    text = (os.environ.get("EVENWICHT_URL") or "").rstrip("/")
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise WrongCall("EVENWICHT_URL is {value}. It is the public address, such as https://evenwicht.example.com.", value=text)
    return text


def kept_secret(place: Path) -> str:
    """The key that signs sessions and links: made once, readable for its owner only."""
    path = place / "secret.key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        place.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made


def database_of(url: str, place: Path) -> dict[str, Any]:
    """Django's description of a database from `DATABASE_URL`; without one, SQLite beside everything else.

    `postgresql://user:password@host:5432/name?sslmode=require` or `sqlite:///path`.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        path = Path(unquote(parts.path[1:])) if url else place / "evenwicht.sqlite3"
        return {
            "ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path[1:]), "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""), "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": options,
        }
    raise WrongCall("DATABASE_URL begins with {value}. Use postgresql:// or sqlite:///.", value=parts.scheme or url[:12])
