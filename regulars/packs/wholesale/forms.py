"""What people type into Settings › Seasons; reads, never saves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from . import queries, seasons


class SeasonForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)


class SellingForm(forms.Form):
    """The season and the year that is being sold."""

    season = forms.ChoiceField(label="Season", required=False)
    year = forms.TypedChoiceField(label="Year", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, now: queries.Now) -> None:
        super().__init__(data, initial={"season": now.season or "", "year": now.year or ""})
        offered: Any = self.fields
        offered["season"].choices = [("", "None"), *((str(pk), name) for pk, name in now.seasons)]
        years = seasons.years(timezone.localdate(), now.year)
        offered["year"].choices = [("", "This year"), *((str(y), str(y)) for y in years)]
