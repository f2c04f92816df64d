"""Every address × everybody: who gets what. The table is written by hand; an address that is missing from it fails."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.application import Cast, send

from evenwicht.web import people

EVERYBODY = ("anonymous", "owner", "member", "reader", "stranger", "left")
WEB = Path(people.__file__).parents[1]

# Answers: 200 shown · 302 done, or sent to sign in (anonymous) · 403 not from this seat · 404 not there, or another's
ALL = (200, 200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200, 200)
SITTING = (302, 200, 200, 200, 200, 403)
OF_BERK = (302, 200, 200, 200, 404, 403)  # belongs to one organisation: missing for the other
WORKING = (302, 302, 302, 403, 302, 403)
WORKING_AT_BERK = (302, 302, 302, 403, 404, 403)
OWNING = (302, 200, 403, 403, 200, 403)
OWNING_AT_BERK = (302, 302, 403, 403, 404, 403)

TABLE: dict[str, tuple[str, tuple[object, ...], dict[str, object], tuple[int, ...]]] = {
    # name: (method, arguments of the address, what is sent, an answer for each of EVERYBODY)
    "alive": ("get", (), {}, ALL),
    "ready": ("get", (), {}, ALL),
    "help": ("get", (), {}, ALL),
    "portfolio": ("get", (), {}, SITTING),
    "take-along": ("get", ("csv",), {}, SITTING),
    "relation": ("get", ("acme.example", "berk.example"), {}, OF_BERK),
    "changes": ("get", ("acme.example", "berk.example"), {}, OF_BERK),
    "evidence": ("get", ("acme.example", "berk.example"), {}, OF_BERK),
    "imports": ("get", (), {}, SITTING),
    "bring": ("post", (), {}, (302, 400, 400, 403, 400, 403)),  # nothing was sent
    "terms": ("post", (), {"informed": 1}, WORKING),
    "import": ("get", ("IMPORT",), {}, OF_BERK),
    "undo": ("post", ("IMPORT",), {}, WORKING_AT_BERK),
    "again": ("post", ("IMPORT",), {}, WORKING_AT_BERK),
    "care-for": ("post", (), {"do": "assign", "who": "nobody"}, WORKING),
    "keep-view": ("post", (), {"name": "x", "back": "turn=us"}, (302, 302, 302, 302, 302, 403)),
    "drop-view": ("post", ("VIEW",), {}, (*WORKING_AT_BERK[:3], 404, 404, 403)),
    "teams": ("get", (), {}, OWNING),
    "make-team": ("post", (), {"name": "Sales"}, (302, 302, 403, 403, 302, 403)),
    "change-team": ("post", ("TEAM",), {"name": "Sales"}, OWNING_AT_BERK),
    "end-team": ("post", ("TEAM",), {}, OWNING_AT_BERK),
    "unknown-table": ("get", ("IMPORT",), {}, (302, 404, 404, 403, 404, 403)),  # no table of it waits
    "keep-table": ("post", ("IMPORT",), {"file": "x.csv"}, (302, 404, 404, 403, 404, 403)),
    "parties": ("get", (), {}, SITTING),
    "decide": ("post", (), {"operation": "rename", "one": "acme.example", "text": "Acme"}, (302, 302, 302, 403, 400, 403)),
    "take-back": ("post", (), {}, WORKING),
    "account": ("get", (), {}, SIGNED_IN),
    "people": ("get", (), {}, OWNING),
    "invite": ("post", (), {"email": "new@berk.example", "role": "reader"}, OWNING),  # no mail: the link is shown
    "role": ("post", ("SEAT",), {"role": "reader"}, OWNING_AT_BERK),
    "end": ("post", ("SEAT",), {}, OWNING_AT_BERK),
    "make-link": ("post", ("SEAT",), {}, (302, 200, 403, 403, 404, 403)),
    "link": ("get", ("nothing",), {}, (410,) * 6),
    "first-run": ("get", ("nothing",), {}, (410,) * 6),
    # tables of two; whoever sits at one is in tests/web/test_together.py
    "together": ("get", (), {}, SITTING),
    "lay": ("post", (), {"other": "acme.example", "arrangement": 1}, (302, 200, 200, 403, 404, 403)),
    "invitation": ("get", ("nothing",), {}, (410,) * 6),
    "look": ("get", ("nothing",), {}, (410,) * 6),
    "table": ("get", ("nothing",), {}, (302, 404, 404, 404, 404, 403)),
    "table-facts": ("get", ("nothing",), {}, (302, 404, 404, 404, 404, 403)),
    **{name: ("post", ("nothing",), {}, (302, 404, 404, 403, 404, 403)) for name in ("looked", "remark", "propose", "invite-again", "withdraw")},
    **{name: ("post", ("nothing", 1), {}, (302, 404, 404, 403, 404, 403)) for name in ("answer", "revoke")},
    # signing in, by the library
    "account_login": ("get", (), {}, (200, 302, 302, 302, 302, 302)),
    "account_request_login_code": ("get", (), {}, (200, 302, 302, 302, 302, 302)),
    "account_confirm_login_code": ("get", (), {}, (302,) * 6),
    "account_logout": ("get", (), {}, (302, 200, 200, 200, 200, 200)),
    "account_inactive": ("get", (), {}, ALL),
    "mfa_index": ("get", (), {}, SIGNED_IN),
    "mfa_authenticate": ("get", (), {}, (302,) * 6),
    "mfa_reauthenticate": ("get", (), {}, (302, 403, 403, 403, 403, 403)),  # nobody has a second factor
    "mfa_activate_totp": ("get", (), {}, (302, 200, 200, 200, 200, 200)),
    "mfa_deactivate_totp": ("get", (), {}, (302, 404, 404, 404, 404, 404)),
    "mfa_view_recovery_codes": ("get", (), {}, (302, 404, 404, 404, 404, 404)),
    "mfa_generate_recovery_codes": ("get", (), {}, SIGNED_IN),
}


def addresses(resolver: Any = None) -> list[URLPattern]:
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        found += addresses(one) if isinstance(one, URLResolver) else [one]
    return found


def test_every_address_is_in_the_table_and_no_other() -> None:
    names = [one.name for one in addresses()]
    assert sorted(names) == sorted(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_what_the_table_says(cast: Cast, later: list[object], name: str) -> None:
    method, arguments, sent, answers = TABLE[name]
    known = {"IMPORT": cast.imports["owner"].pk, "SEAT": cast.seats["member"].pk, "VIEW": cast.view.pk, "TEAM": cast.team.pk}
    address = reverse(name, args=[known.get(str(one), one) for one in arguments])
    got = {}
    for who in EVERYBODY:
        from django.db import transaction

        with transaction.atomic():
            client = cast.client(who)
            answer = client.get(address) if method == "get" else send(client, address, **sent)
            got[who] = answer.status_code
            if who == "anonymous" and answer.status_code == 302 and not name.startswith(("account_", "mfa_")):
                assert answer.headers["Location"].startswith("/accounts/login/"), name
            transaction.set_rollback(True)
    assert got == dict(zip(EVERYBODY, answers, strict=True))


OPEN_TO_ALL = {"link", "first_run", "help_", "alive", "ready"}


def views() -> list[ast.FunctionDef]:
    """Every function of a `views.py` that takes a request and is not private."""
    found = []
    for path in [*WEB.glob("*/views.py"), WEB / "health.py"]:
        found += [node for node in ast.parse(path.read_text("utf-8")).body
                  if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return found


def test_every_view_asks_who_may_before_anything_else() -> None:
    assert len(views()) > 20
    for view in views():
        if view.name in OPEN_TO_ALL:
            continue
        first = view.body[1]  # after the docstring
        assert isinstance(first, ast.Assign), view.name
        assert ast.unparse(first.value).startswith("access."), f"{view.name} does not begin with a call of access"


def test_no_view_queries_by_itself() -> None:
    for path in WEB.glob("*/views.py"):
        text = path.read_text("utf-8")
        assert ".objects" not in text, path
        assert "get_object_or_404" not in text, path


@pytest.mark.parametrize("dropped", ["sitting", "working", "owning", "person"])
def test_dropping_an_access_call_is_noticed(cast: Cast, later: list[object], monkeypatch: pytest.MonkeyPatch, dropped: str) -> None:
    """With any one rule switched off, the table no longer holds."""
    from evenwicht.web.people import access

    seat = cast.seats["owner"]
    monkeypatch.setattr(access, dropped, lambda _: seat.person if dropped == "person" else seat)
    wrong = 0
    for name, (method, arguments, sent, answers) in TABLE.items():
        known = {"IMPORT": cast.imports["owner"].pk, "SEAT": cast.seats["member"].pk, "VIEW": cast.view.pk, "TEAM": cast.team.pk}
        address = reverse(name, args=[known.get(str(one), one) for one in arguments])
        answer = cast.client("anonymous").get(address) if method == "get" else send(cast.client("anonymous"), address, **sent)
        wrong += answer.status_code != answers[0]
    assert wrong
