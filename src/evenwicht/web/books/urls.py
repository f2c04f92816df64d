"""Addresses of books: the portfolio, relations, imports, parties, help."""

from __future__ import annotations

from django.urls import path

from evenwicht.web.books import views

urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("relations.<str:form>", views.take_along, name="take-along"),
    path("relations/care/", views.care_for, name="care-for"),
    path("relations/<str:a>/<str:b>/", views.relation, name="relation"),
    path("relations/<str:a>/<str:b>/changes/", views.changes, name="changes"),
    path("relations/<str:a>/<str:b>/evidence/", views.evidence, name="evidence"),
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.bring, name="bring"),
    path("imports/terms/", views.terms, name="terms"),
    path("imports/<int:number>/", views.import_, name="import"),
    path("imports/<int:number>/undo/", views.undo, name="undo"),
    path("imports/<int:number>/again/", views.again, name="again"),
    path("imports/<int:number>/table/", views.unknown_table, name="unknown-table"),
    path("imports/<int:number>/table/keep/", views.keep_table, name="keep-table"),
    path("parties/", views.parties, name="parties"),
    path("parties/decide/", views.decide, name="decide"),
    path("parties/take-back/", views.take_back, name="take-back"),
    path("help/", views.help_, name="help"),
]
