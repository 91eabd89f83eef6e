"""The beginning of an agency package: what `onewindow agency new` writes, from the templates beside this file."""

from .package import BadName, Names, contents, names, write

__all__ = ["BadName", "Names", "contents", "names", "write"]
