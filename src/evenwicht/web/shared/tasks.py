"""What is worked out for tables beside the requests."""

from __future__ import annotations

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks import task

from evenwicht.errors import EvenwichtError
from evenwicht.phrase import Phrase
from evenwicht.web.books import shelves
from evenwicht.web.books.tasks import mistake
from evenwicht.web.people.rows import Organisation
from evenwicht.web.shared import acts, queries
from evenwicht.web.shared.joint import Agreed, Side, joined
from evenwicht.web.shared.rows import Table


@task()
def lay_out(number: int) -> None:
    """Work out what lies on a table, once for both sides."""
    table = Table.objects.select_related("host", "guest").get(pk=number)
    stamp = queries.stamp(table)
    if table.closed_at is not None or table.stamp == stamp:
        return
    try:
        found = joined(
            _side(table, table.host), None if table.guest is None else _side(table, table.guest), other=table.other, table=table.name,
            agreed=[Agreed(one.kind, one.told) for one in queries.holding(table)], today=timezone.now().date())
    except EvenwichtError as error:
        acts.unfound(table, error.phrase, stamp)
        return
    except Exception as error:
        acts.unfound(table, mistake(error), stamp)
        raise
    if found is None:
        acts.unfound(table, Phrase("No fact between the two lies on this table yet.", {}), stamp)
    else:
        acts.keep(table, found, stamp)


def _side(table: Table, organisation: Organisation) -> Side:
    secret = salted_hmac("evenwicht.shared", f"{table.name} {organisation.pk}").digest()
    return Side(shelves.whole(organisation.pk), organisation.name, organisation.us, secret)
