"""Every address there is. The table of `tests/web/test_who_may.py` names each of them again, by hand."""

from __future__ import annotations

from django.urls import include, path

from evenwicht.web import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("evenwicht.web.care.urls")),
    path("", include("evenwicht.web.books.urls")),
    path("", include("evenwicht.web.people.urls")),
    path("", include("evenwicht.web.shared.urls")),
]
handler400 = "evenwicht.web.faults.refused"
handler403 = "evenwicht.web.faults.forbidden"
handler404 = "evenwicht.web.faults.missing"
handler500 = "evenwicht.web.faults.broken"
