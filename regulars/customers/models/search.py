"""Postings: which customers a beginning of a word leads to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .customer import Customer


class SearchTerm(models.Model):
    """One way to find one customer; the first letter of the term says which way."""

    pk = models.CompositePrimaryKey("customer_id", "term")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="search_terms", db_index=False
    )
    term = models.CharField(max_length=260, db_collation="C")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["term", "customer"], name="search_term_customer")]

    def __str__(self) -> str:
        return self.term
