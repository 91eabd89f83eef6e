"""The record of all cases: what the window asks of it, and the engine that a URL names."""

from .engine import open_store
from .register import OnFile, RawOnFile, Register, Search
from .store import (
    Conflict,
    Document,
    Entry,
    FeedEvent,
    FeedPage,
    Query,
    RawEvent,
    RawPlace,
    RawRecord,
    Record,
    RecordDamaged,
    ReferenceTaken,
    Store,
    StoreUnavailable,
    UnknownPlace,
    UnsafeStore,
)

__all__ = [
    "Conflict",
    "Document",
    "Entry",
    "FeedEvent",
    "FeedPage",
    "OnFile",
    "Query",
    "RawEvent",
    "RawOnFile",
    "RawPlace",
    "RawRecord",
    "Record",
    "RecordDamaged",
    "ReferenceTaken",
    "Register",
    "Search",
    "Store",
    "StoreUnavailable",
    "UnknownPlace",
    "UnsafeStore",
    "open_store",
]
