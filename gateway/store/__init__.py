"""The record of all cases: what the window asks of it, and the engine that a URL names."""

from .engine import open_store
from .register import OnFile, RawOnFile, Register, Search
from .store import (
    Conflict,
    Document,
    Entry,
    Query,
    RawEvent,
    RawRecord,
    Record,
    RecordDamaged,
    ReferenceTaken,
    Store,
    StoreUnavailable,
    UnsafeStore,
)

__all__ = [
    "Conflict",
    "Document",
    "Entry",
    "OnFile",
    "Query",
    "RawEvent",
    "RawOnFile",
    "RawRecord",
    "Record",
    "RecordDamaged",
    "ReferenceTaken",
    "Register",
    "Search",
    "Store",
    "StoreUnavailable",
    "UnsafeStore",
    "open_store",
]
