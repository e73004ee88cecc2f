"""The log tells of faults and never of people: no address beyond its pattern, no value, no local variable."""

from __future__ import annotations

import logging


class WithoutData(logging.Filter):
    """Replaces what a record says by its kind and place; a traceback keeps its frames and loses its message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, without its data."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg = f"{record.name}: {type(error).__name__}"
            record.exc_info = (type(error), type(error)(), error.__traceback__) if _plain(error) else None
            record.exc_text = None  # another handler may have written it down already, with the message
        elif record.name.startswith("django"):
            record.msg = f"{record.name}: {record.levelname.lower()} ({getattr(record, 'status_code', '-')})"
        record.args = ()
        return True


class WithoutDataOfFaults(WithoutData):
    """The same for a logger whose other words are its own: only what comes with a fault is taken out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, a fault without its data."""
        return super().filter(record) if record.exc_info else True


def _plain(error: BaseException) -> bool:
    try:
        type(error)()
    except Exception:  # whatever its class asks for
        return False
    return True
