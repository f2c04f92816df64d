"""Uploads go to disk as they come, from somebody who may bring them, and no more than there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from evenwicht.web.books import shelves

if TYPE_CHECKING:
    from collections.abc import Mapping


class ToDisk(TemporaryFileUploadHandler):  # type: ignore[misc]
    """Refuses before the first byte is kept: strangers, and what is larger than the limit."""

    def handle_raw_input(self, input_data: Any, META: Mapping[str, Any], content_length: int, boundary: bytes, encoding: str | None = None) -> None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise PermissionDenied
        if content_length > settings.LARGEST_UPLOAD:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        shelves.arriving()
        super().new_file(*args, **kwargs)
