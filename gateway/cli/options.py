"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Url = Annotated[str, Parameter(env_var="ONEWINDOW_URL")]
"""The gateway's address; ONEWINDOW_URL stands in for the option."""

Json = Annotated[bool, Parameter(name="--json", negative=())]
"""One JSON document on standard output and nothing else."""

Outcome = Literal["approved", "approved-with-conditions", "refused", "supplement-required", "inspection-required"]
"""What an agency decided."""

File = Annotated[Path, Parameter(allow_leading_hyphen=True)]
"""A document's file; - is standard input, so a leading hyphen does not make an option of it."""
