"""A proof as a person reads it: what was checked, one line each."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from .console import grid as new_grid
from .console import table as new_table
from .language import label, said
from .moments import moment
from .proof import KINDS, Proof
from .terms import both


def show_checks(console: Console, proof: Proof) -> None:
    """Print what was checked: a proof exists only where everything is in order."""
    table = new_table()
    table.add_column("", no_wrap=True)
    table.add_column("Checked 核验项", ratio=3, overflow="fold")
    table.add_column("Found 结果", ratio=2, overflow="fold")
    for check in proof.checks:
        table.add_row(Text("✓", "good"), both(check.what), Text(check.found))
    console.print(table)
    console.print()


def show_identity(console: Console, proof: Proof, trust: Path) -> None:
    """Print what it is that was checked: case, reference, signer, time, whom one believes, digest."""
    grid = new_grid(padding=(0, 2))
    grid.add_column(style="quiet", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label("Case 办件"), proof.value.id)
    grid.add_row(label("Reference 业务编号"), proof.value.functional_reference_id)
    grid.add_row(label("Signer 签名人"), proof.signer.subject)
    grid.add_row(label("Issued 签发时间"), moment(proof.at))
    grid.add_row(label("Believed 信任证书"), str(trust))
    console.print(grid)
    console.print(proof.digest, style="quiet", markup=False, soft_wrap=True)
    console.print()


def show_verdict(console: Console, proof: Proof) -> None:
    """Print the verdict."""
    kind = KINDS[proof.kind]
    console.print(said(f"The {kind.en} is genuine.", f"{kind.zh}验签通过。"), style="good.strong", markup=False)
    console.print(f"{label('Signed by 签名人')} {proof.signer.subject}", markup=False, soft_wrap=True)
