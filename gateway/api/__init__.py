"""The window over HTTP: one table of routes, from which both the server and /openapi.json are made."""

from .application import agency_application, application
from .limits import Limits

__all__ = ["Limits", "agency_application", "application"]
