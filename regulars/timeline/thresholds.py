"""When somebody has waited too long in this company: what the settings say."""

from datetime import timedelta

from django.conf import settings

from .freshness import Ageing


def ageing() -> Ageing:
    """Green and orange for as long as GREEN_MINUTES and ORANGE_MINUTES say."""
    return Ageing(
        timedelta(minutes=settings.GREEN_MINUTES), timedelta(minutes=settings.ORANGE_MINUTES)
    )
