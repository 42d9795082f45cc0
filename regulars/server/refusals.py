"""Requests that bring too much are answered; the log need not sound like a failure of ours."""

import logging

TOO_MUCH = ("RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")


class Known(logging.Filter):
    """Django says them as errors, with where they were raised: a warning without it is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True
