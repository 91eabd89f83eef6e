"""A NATS server with JetStream as a process of its own, where the program is installed."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LISTENS_SECONDS = 30


def program() -> str | None:
    """The server's program, beside Python or on the path; None where there is none."""
    return shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")


@contextmanager
def nats_process(folder: Path, port: int) -> Iterator[str]:
    """A server that runs, with its data in `folder`; its address. Raises RuntimeError where it does not come up."""
    settings = folder / "nats.conf"
    settings.write_text(
        f'listen: "127.0.0.1:{port}"\nmax_payload: 8MB\njetstream {{ store_dir: "{folder / "jetstream"}" }}\n', "utf-8"
    )
    with (folder / "nats.log").open("wb") as log:
        process = subprocess.Popen([program() or "nats-server", "-c", str(settings)], stdout=log, stderr=log)
    try:
        _wait_until_it_listens(process, port)
        yield f"nats://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + LISTENS_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the NATS server does not listen")
