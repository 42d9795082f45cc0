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


class HotTerm(models.Model):
    """The postings of those with the latest activity, once more: a common name among them is rare.

    All of those active since `HotFrom.trusted` are here, and perhaps some others. A trigger copies
    them as soon as something happens, `search.index` when they are written.
    """

    follows_from_the_record = True

    pk = models.CompositePrimaryKey("customer_id", "term")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    term = models.CharField(max_length=260, db_collation="C")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["term", "customer"], name="hot_term_customer")]

    def __str__(self) -> str:
        return self.term


class HotFrom(models.Model):
    """Since when customers are hot: one row, or none while there are too few to be told apart.

    Whoever was active since `kept` is written down; readers rely on it since `trusted`, which is
    later, or unknown, while the difference is being filled in.
    """

    kept = models.DateTimeField()
    trusted = models.DateTimeField(null=True)
    customers = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"hot since {self.trusted}"


class Spelling(models.Model):
    """A word of somebody's name, found by itself or with any one letter left out.

    Two words that differ by one letter, or by two that changed place, share such a piece.
    """

    pk = models.CompositePrimaryKey("piece", "word")
    piece = models.CharField(max_length=40, db_collation="C")
    word = models.CharField(max_length=40, db_collation="C")

    def __str__(self) -> str:
        return f"{self.piece}: {self.word}"
