"""How each stored field is classified, which drives export, deletion and what an audit event may say of it."""

from __future__ import annotations

from enum import StrEnum


class FieldClass(StrEnum):
    """Identifying: who somebody is. Clinical: what is said of their health. Operational: what runs the clinic."""

    IDENTIFYING = "identifying"
    CLINICAL = "clinical"
    OPERATIONAL = "operational"
