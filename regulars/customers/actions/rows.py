"""Writing a row only where it differs, so that history holds changes and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models


def rewrite(row: models.Model, said: Mapping[str, Any]) -> bool:
    """Set these columns and save those that differ; whether any did."""
    changed = [key for key, value in said.items() if getattr(row, key) != value]
    for key in changed:
        setattr(row, key, said[key])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
