"""Addresses of care: saved lists, teams."""

from __future__ import annotations

from django.urls import path

from evenwicht.web.care import views

urlpatterns = [
    path("views/new/", views.keep_view, name="keep-view"),
    path("views/<int:number>/drop/", views.drop_view, name="drop-view"),
    path("teams/", views.teams, name="teams"),
    path("teams/new/", views.make_team, name="make-team"),
    path("teams/<int:number>/", views.change_team, name="change-team"),
    path("teams/<int:number>/end/", views.end_team, name="end-team"),
]
