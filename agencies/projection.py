"""What an agency is sent of a declaration, where its message has the declaration's own element names and nesting."""

from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T", bound=Struct)


def projection(declared: Struct, message: type[T]) -> T:
    """The message that holds of what was declared whatever its schema lists, and nothing else. Pure.

    message: a struct compiled from the agency's XSD (`onewindow bindings`); members are matched by name at every depth,
    and those that the message does not know are left out. Raises msgspec.ValidationError where the message needs what
    was not declared, or has no room for it: the split is to leave such declarations, or such items, out beforehand.
    """
    return msgspec.convert(declared, message, from_attributes=True)
