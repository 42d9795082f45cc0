"""What people choose on the import pages; reads and checks, never saves."""

from __future__ import annotations

from typing import Any

from django import forms

from regulars.imports.models import Import
from regulars.imports.options import ADD, LEAVE, UPDATE
from regulars.imports.preview import options_of
from regulars.imports.reading.delimiter import DELIMITERS
from regulars.imports.reading.encoding import ENCODINGS
from regulars.imports.reading.targets import Kind
from regulars.imports.targets import targets as targets_of
from regulars.timeline.kinds import event_kinds

KIND_LABELS = {
    Kind.CUSTOMERS: "Customers",
    Kind.STAFF: "Colleagues",
    Kind.EVENTS: "What happened with customers (orders, calls, visits …)",
}
_SKIP = ("", "Skip this column")
_OPTIONS = (
    "match",
    "other_name",
    "system",
    "event_kind",
    "owner_from_events",
    "encoding",
    "delimiter",
)
_ENCODING_LABELS = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16, big end first",
    "cp1252": "Windows, Western Europe", "cp1250": "Windows, Central Europe",
    "iso8859-15": "ISO 8859-15", "utf-32": "UTF-32",
}  # fmt: skip


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV or Excel (.xlsx). Nothing is imported before you have seen the preview.",
        error_messages={
            "required": "Choose a file first.",
            "empty": "The file is empty. Choose another one.",
        },
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv,text/tab-separated-values"}
        ),
    )
    kind = forms.ChoiceField(
        label="What is in it?",
        choices=[("", "Find out from the file"), *((k.value, v) for k, v in KIND_LABELS.items())],
        required=False,
    )


class MappingForm(forms.Form):
    """Kind, a target for each column, and the few options."""

    kind = forms.ChoiceField(
        label="The rows are", choices=[(k.value, v) for k, v in KIND_LABELS.items()]
    )
    match = forms.MultipleChoiceField(
        label="Find customers who are here already by",
        choices=[("email", "Email"), ("phone", "Phone")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Besides their number in the other system, which always counts.",
    )
    other_name = forms.ChoiceField(
        label="When somebody with another first name has that email or phone",
        choices=[
            (ADD, "Add the row as a new customer"),
            (UPDATE, "Update whoever has it"),
            (LEAVE, "Leave the row out"),
        ],
        required=False,
        help_text="People of one household share a phone. Bill and William are the same name.",
    )
    system = forms.CharField(
        label="The other system's name",
        max_length=60,
        help_text="Numbers in the file are theirs. Use the same name for later files.",
    )
    event_kind = forms.ChoiceField(label="Every row is", required=False)
    owner_from_events = forms.BooleanField(
        label="Who made the latest becomes the owner of a customer who has none", required=False
    )
    encoding = forms.ChoiceField(
        label="Letters",
        choices=[("", "As found"), *((one, _ENCODING_LABELS[one]) for one in ENCODINGS)],
        required=False,
    )
    delimiter = forms.ChoiceField(
        label="Between cells",
        choices=[
            ("", "As found"),
            *((sign, name.capitalize()) for sign, name in DELIMITERS.items()),
        ],
        required=False,
    )
    has_header = forms.ChoiceField(
        label="First row",
        choices=[("", "As found"), ("yes", "Headings"), ("no", "Already a record")],
        required=False,
    )

    def __init__(self, *args: Any, job: Import, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(job))
        super().__init__(*args, **kwargs)
        self.job = job
        targets = [_SKIP, *((one.key, one.label) for one in targets_of(Kind(job.kind)).values())]
        for at, column in enumerate(job.columns):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=column["heading"], choices=targets, required=False
            )
        for date in job.reading.get("dates", []):
            self.fields[f"dates-{date['column']}"] = forms.ChoiceField(
                label=f"Dates in {date['heading']}",
                choices=[("day", "Day first"), ("month", "Month first")],
                help_text=date["sentence"],
                required=False,
            )
        self._only_for_its_kind(Kind(job.kind))

    def _only_for_its_kind(self, kind: Kind) -> None:
        if kind is Kind.EVENTS:
            by_hand = [(one.key, one.label) for one in event_kinds if one.by_hand]
            self.fields["event_kind"] = forms.ChoiceField(
                label="Every row is", choices=by_hand, required=False
            )
        else:
            del self.fields["event_kind"], self.fields["owner_from_events"]
        if kind is not Kind.CUSTOMERS:
            del self.fields["match"], self.fields["other_name"]
        if kind is Kind.STAFF:
            del self.fields["system"]
        if self.job.reading.get("is_workbook"):
            del self.fields["encoding"], self.fields["delimiter"]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("column-")]

    @property
    def option_fields(self) -> list[forms.BoundField]:
        """What matters to the result, beside the columns."""
        known = ("kind", "match", "other_name", "system", "event_kind", "owner_from_events")
        dates = [name for name in self.fields if name.startswith("dates-")]
        return [self[name] for name in (*known, *dates) if name in self.fields]

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """How the bytes are read; seldom touched."""
        known = ("encoding", "delimiter", "has_header")
        return [self[name] for name in known if name in self.fields]

    def wanted_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])

    def wanted_columns(self) -> dict[int, str | None]:
        """Targets by column; nothing when the kind changes, for then they mean something else."""
        if self.cleaned_data["kind"] != self.job.kind:
            return {}
        found = {
            int(name.removeprefix("column-")): value or None
            for name, value in self.cleaned_data.items()
            if name.startswith("column-")
        }
        return {
            at: target for at, target in found.items() if target != self.job.columns[at]["target"]
        }

    def wanted_options(self) -> dict[str, Any]:
        """The options that the form shows."""
        said = self.cleaned_data
        found: dict[str, Any] = {key: said[key] for key in _OPTIONS if key in said}
        if not found.get("other_name", ADD):
            found["other_name"] = ADD
        found["has_header"] = {"yes": True, "no": False}.get(said["has_header"])
        dates = {
            name.removeprefix("dates-"): value
            for name, value in said.items()
            if name.startswith("dates-") and value
        }
        if dates:
            found["date_orders"] = dates
        return found


def _initial(job: Import) -> dict[str, Any]:
    options = options_of(job)
    found: dict[str, Any] = {
        "kind": job.kind,
        "match": list(options.match),
        "other_name": options.other_name,
        "system": options.system,
        "event_kind": options.event_kind,
        "owner_from_events": options.owner_from_events,
        "encoding": options.encoding,
        "delimiter": options.delimiter,
        "has_header": {None: "", True: "yes", False: "no"}[options.has_header],
    }
    found |= {f"column-{at}": one["target"] or "" for at, one in enumerate(job.columns)}
    found |= {f"dates-{one['column']}": one["order"] for one in job.reading.get("dates", [])}
    return found
