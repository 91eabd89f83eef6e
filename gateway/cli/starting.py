"""What has to be in order before a command that works with the store or the agencies can start."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from ...agencies.agency import AnyAgency
from ...agencies.registry import UnusableAgency, installed
from ...agencies.trial import tried
from ..config import BadConfig, Config
from ..config_loading import load_config
from .ending import NO, USAGE, Stop


def configured(file: Path | None, options: Mapping[str, tuple[str, object]] = MappingProxyType({})) -> Config:
    """The configuration of a file, the environment and options. Raises Stop where it is not taken."""
    try:
        return load_config(file, os.environ, options)
    except BadConfig as bad:
        raise not_taken(bad) from bad


def not_taken(bad: BadConfig) -> Stop:
    """What is said of a configuration that is not taken."""
    first = bad.mistakes[0]
    en = "\n".join(f"{mistake.source}: {mistake.message.en}" for mistake in bad.mistakes)
    zh = "\n".join(f"{mistake.source}：{mistake.message.zh}" for mistake in bad.mistakes)
    return Stop(USAGE, first.code, en, zh)


def agencies() -> Mapping[str, AnyAgency]:
    """The agencies that are installed, by code. Raises Stop where one can't be used."""
    try:
        return installed()
    except UnusableAgency as error:
        raise unusable(error) from error


def tried_agencies(code: str | None = None) -> Mapping[str, AnyAgency]:
    """The agencies that are installed, each of them, or the one with this code, tried on the samples.

    It takes some tenths of a second. Raises Stop where one can't be used.
    """
    known = agencies()
    try:
        tried([each for each in known.values() if code in (None, each.code)], datetime.now(UTC))
    except UnusableAgency as error:
        raise unusable(error) from error
    return known


def unusable(error: UnusableAgency) -> Stop:
    """What is said of an agency that can't be used."""
    text = error.finding.message
    return Stop(NO, error.finding.code, text.en, text.zh)
