"""The stories of docs/transcripts with the gateway killed in between: each comes to the same end.

`make faults` kills after each step of each story; by default it is done after one step of some of them.
"""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.sweeps import sample, sampling

from onewindow.docs.stage import Stage
from onewindow.docs.stories import STORIES

STEPS_MAX = 40
STEPS_EVERY_STORY_HAS = 4
UNREACHABLE = 3


class KilledStage(Stage):
    """A stage on which the gateway dies once, after so many steps of cases, and is started again."""

    def __init__(self, folder: Path, steps: int) -> None:
        super().__init__(folder)
        self.steps: int | None = steps
        self.deaths = 0

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the gateway, armed as long as it has not died."""
        armed = {} if self.deaths else {"ONEWINDOW_CRASH_POINT": f"journaled:{self.steps}"}
        super().start({**armed, **(environment or {})})

    def call(self, command: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command; where the gateway dies under it, start that again and give the command anew."""
        for _ in range(5):
            ended = super().call(command)
            died = not self.running
            if died:
                self.deaths += 1
                self.start()
            if not died and ended.returncode != UNREACHABLE:
                return ended
        raise AssertionError(ended.stdout.decode())


def end(stage: Stage) -> dict[str, Any]:
    """What a story comes to, without times, ids and digests, and what a time limit that passes meanwhile leaves out."""
    status = stage.status()
    return {
        **{name: status[name] for name in ("reference", "status", "outcome", "revision")},
        "agencies": [[agency[name] for name in ("code", "state", "outcome")] for agency in status["agencies"]],
        "released": status["released_at"] is not None,
        "cleared": status["cleared_at"] is not None,
        "deferred": [(each["id"], each["received_at"] is not None, each["overdue"]) for each in status["deferred"]],
        "payments": [each["reference"] for each in (status["bill"] or {"payments": []})["payments"]],
        "events": sorted(
            (entry["event"], entry["agency"] or "", entry["detail"] or "")
            for entry in status["timeline"]
            if entry["event"] not in ("warned", "acknowledged", "document-received", "supplemented", "amended")
        ),
    }


def told(stage: Stage, story: Callable[[Stage], None]) -> dict[str, Any]:
    """The end of a story; what is on its way is waited for."""
    try:
        story(stage)
        return end(stage)
    finally:
        stage.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A sample of the stories, or all of them."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", sample(metafunc.config, "stories", list(STORIES)))


@pytest.mark.sweep
@pytest.mark.timeout(3000)
def test_a_story_ends_the_same_after_a_kill(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Killed after any step of a story and started again, the gateway brings it to the end that it has undisturbed."""
    (tmp_path / "whole").mkdir()
    expected = told(Stage(tmp_path / "whole"), STORIES[name])
    steps = sample(pytestconfig, name, range(1, 1 + STEPS_EVERY_STORY_HAS), most=1)
    deaths = 0
    for step in steps if sampling(pytestconfig) else range(1, STEPS_MAX):
        folder = tmp_path / str(step)
        folder.mkdir()
        stage = KilledStage(folder, step)
        assert expected == told(stage, STORIES[name])
        if not stage.deaths:
            break
        deaths += stage.deaths
    print(f"{name}: {deaths} kills, one end")
    assert deaths


def test_every_story_has_its_transcript() -> None:
    """docs/transcripts has each story's terminal, with the commands that the story gives."""
    from onewindow.docs.stories import FOLDER

    assert {f"{name}.txt" for name in STORIES} == {file.name for file in FOLDER.glob("*.txt")}
    for name, story in STORIES.items():
        shown = (FOLDER / f"{name}.txt").read_text("utf-8")
        assert shown.startswith(f"# {story.__doc__}\n")
        assert "$ onewindow submit " in shown
