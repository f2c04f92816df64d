"""How the rooms of the application are known to Django: their tables stand in `rows.py`."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class Room(AppConfig):
    """An application whose tables stand in `rows.py`, named after what they are."""

    def import_models(self) -> None:
        self.models = self.apps.all_models[self.label]
        self.models_module = import_module(f"{self.name}.rows")
