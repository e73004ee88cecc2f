"""Any function over many cases: in order, as they are done, in several processes."""

from hoofbeat.batch.over import BatchError, Failure, available_cores, over

__all__ = ["BatchError", "Failure", "available_cores", "over"]
