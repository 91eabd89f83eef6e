"""The window over HTTP: one table of routes, from which both the server and /openapi.json are made."""

from .application import application
from .limits import Limits

__all__ = ["Limits", "application"]
