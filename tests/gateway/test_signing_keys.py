"""The keys that a window signs with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import init, key_files
from onewindow.gateway.config import KEY_FOLDER, Config, KeysConfig, StoreConfig
from onewindow.gateway.signing_keys import signing_keys

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_the_first_start_makes_keys_and_the_second_takes_them(tmp_path: Path) -> None:
    """Without configured keys a development set is made beside the store, once."""
    config = Config(store=StoreConfig(url=f"sqlite:///{tmp_path / 'store.db'}"))
    first, _ = signing_keys(config, NOW)
    second, _ = signing_keys(config, NOW)
    assert (tmp_path / KEY_FOLDER).is_dir()
    assert first.certificate == second.certificate


@pytest.mark.parametrize(
    ("whose", "after", "code"),
    [
        ("trader", timedelta(0), "certificate-not-gateway"),
        ("authority", timedelta(0), "signature-key-use"),
        ("gateway", timedelta(days=4000), "signature-key-expired"),
        ("gateway", timedelta(days=-1), "signature-key-not-yet-valid"),
    ],
)
def test_a_key_whose_signatures_nobody_would_believe_stops_the_start(
    whose: str, after: timedelta, code: str, tmp_path: Path
) -> None:
    """A trader's or an authority's certificate, or one out of its time, is refused before it signs anything."""
    init(tmp_path / "keys", NOW)
    files = key_files(tmp_path / "keys")
    config = Config(
        keys=KeysConfig(
            certificate=tmp_path / "keys" / f"{whose}.crt.pem",
            private_key=tmp_path / "keys" / f"{whose}.key.pem",
            trust=files.authority_certificate,
        )
    )
    with pytest.raises(Rejected) as rejected:
        signing_keys(config, NOW + after)
    assert [code] == [finding.code for finding in rejected.value.findings]
    assert all(finding.message.en and finding.message.zh for finding in rejected.value.findings)
