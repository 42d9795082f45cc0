"""Sources beyond Internet, Phone and Walk In that a company offers to choose from."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower


class SourceName(models.Model):
    """A source of one's own, such as Trade fair: what is offered for Other."""

    name = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="source_name_once")]

    def __str__(self) -> str:
        return self.name
