"""The one script that comes from a library, found where it is installed, and nothing else from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_htmx
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SCRIPT = "htmx-2.min.js"


class FromHtmx(BaseFinder):
    """Finds htmx as `htmx/htmx-2.min.js`."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        folder = Path(django_htmx.__file__).parent / "static" / "django_htmx"
        self.storage = FileSystemStorage(location=str(folder))
        self.storage.prefix = "htmx"
        super().__init__(*args, **kwargs)

    def check(self, **_: Any) -> list[Any]:
        return []

    def find(self, path: str, **_: Any) -> Any:
        return self.storage.path(SCRIPT) if path == f"htmx/{SCRIPT}" else []

    def list(self, ignore_patterns: Any) -> Any:
        yield SCRIPT, self.storage
