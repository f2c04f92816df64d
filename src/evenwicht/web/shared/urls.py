"""Addresses of tables."""

from __future__ import annotations

from django.urls import path

from evenwicht.web.shared import views

urlpatterns = [
    path("together/", views.together, name="together"),
    path("together/new/", views.lay, name="lay"),
    path("together/invitation/<str:secret>/", views.invitation, name="invitation"),
    path("together/invitation/<str:secret>/look/", views.look, name="look"),
    path("together/<str:name>/", views.table, name="table"),
    path("together/<str:name>/evidence/", views.facts, name="table-facts"),
    path("together/<str:name>/looked/", views.looked, name="looked"),
    path("together/<str:name>/say/", views.remark, name="remark"),
    path("together/<str:name>/propose/", views.propose, name="propose"),
    path("together/<str:name>/answer/<int:number>/", views.answer, name="answer"),
    path("together/<str:name>/invite/", views.invite_again, name="invite-again"),
    path("together/<str:name>/revoke/<int:number>/", views.revoke, name="revoke"),
    path("together/<str:name>/withdraw/", views.withdraw, name="withdraw"),
]
