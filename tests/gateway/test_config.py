"""Configuration: file, environment and options, and what stops the start."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from onewindow.codecs.messages.codes import DocumentType
from onewindow.gateway.config import AgencyConfig, BadConfig, Config, Mistake
from onewindow.gateway.config_check import is_loopback
from onewindow.gateway.config_loading import NOT_CONFIGURATION, load_config

WHOLE = """
[gateway]
host = "127.0.0.2"
port = 9000
workers = 1
max_body = 65536
max_inflight = 10

[store]
url = "sqlite:////var/lib/onewindow/cases.db"

[bus]
url = "memory://"

[identity]
mode = "demo"

[keys]
certificate = "gateway.crt.pem"
private_key = "gateway.key.pem"
trust = "authority.crt.pem"

[agencies.customs]
transport = "inprocess"
time_limit = "30m"
delay = 1.5
ledger = "customs.db"
by_hand = ["inspection-order"]

[payment]
treasury = "reference"

[agencies.market-supervision]
delay = "250ms"

[procedures.import]
agencies = ["customs", "tax", "quality-inspection"]
after = { tax = ["customs"] }
release = "after-payment"
documents = ["380", "705"]
deferrable = ["861"]

[procedures.import.when.quality-inspection]
hs = ["01-24", "4401", "8501-8504"]
origin = ["JP", "!CN"]
regime = ["1000", "40"]
"""


def written(folder: Path, text: str) -> Path:
    """A configuration file with this text."""
    file = folder / "onewindow.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(path: Path | None, environ: Mapping[str, str]) -> tuple[Mistake, ...]:
    """All that is said of a configuration that is not taken."""
    with pytest.raises(BadConfig) as caught:
        load_config(path, environ)
    return caught.value.mistakes


def refusal(path: Path | None, environ: Mapping[str, str]) -> Mistake:
    """What is said first of a configuration that is not taken."""
    return mistakes(path, environ)[0]


def test_defaults() -> None:
    """Without a file and variables everything has its default, and every agency is reached in process."""
    assert Config() == load_config(None, {})
    assert AgencyConfig() == Config().agency("customs")
    assert "inprocess" == Config().agency("customs").transport


def test_whole_file(tmp_path: Path) -> None:
    """Every key of the contract that works now is read from the file."""
    config = load_config(written(tmp_path, WHOLE), {})
    assert ("127.0.0.2", 9000, 1) == (config.gateway.host, config.gateway.port, config.gateway.workers)
    assert (65536, 10) == (config.gateway.max_body, config.gateway.max_inflight)
    assert Path("/var/lib/onewindow/cases.db") == config.store.path
    assert Path("gateway.key.pem") == config.keys.private_key
    customs = config.agency("customs")
    assert timedelta(minutes=30) == customs.time_limit
    assert (1.5, Path("customs.db")) == (customs.delay, customs.ledger)
    assert (("inspection-order",), "reference") == (customs.by_hand, config.payment.treasury)
    assert ("after-payment", "before-payment") == (config.release("import"), config.release("export"))
    assert 0.25 == config.agency("market-supervision").delay
    codes = ("customs", "tax", "market-supervision", "quality-inspection")
    assert ("customs", "tax", "quality-inspection") == config.procedure("import", codes).agencies
    assert {"tax": ("customs",)} == config.procedure("import", codes).after
    own = config.procedures["import"]
    assert ((DocumentType._380, DocumentType._705), (DocumentType._861,)) == (own.documents, own.deferrable)
    (concern,) = config.procedure("import", codes).when.values()
    assert "procedures.import.when.quality-inspection" == concern.rule
    assert {"hs": ("01-24", "4401", "8501-8504"), "origin": ("JP", "!CN"), "regime": ("1000", "40")} == concern.criteria
    assert (codes, {}) == (config.procedure("export", codes).agencies, config.procedure("export", codes).after)


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ('agencies = ["customs", "police"]', "agencies", "there is no agency police; allowed: customs"),
        ('agencies = ["customs", "customs"]', "agencies", "each once"),
        ("agencies = []", "agencies", "at least one agency"),
        ('after = { tax = ["police"] }', "after", "police is not among the procedure's agencies"),
        ('agencies = ["tax"]\nafter = { tax = ["customs"] }', "after", "customs is not among"),
        ('after = { tax = ["tax"] }', "after", "tax can't come after itself"),
        ('after = { tax = ["customs"], customs = ["tax"] }', "after", "wait for one another: "),
    ],
)
def test_a_plan_that_can_not_be_followed(settings: str, key: str, words: str, tmp_path: Path) -> None:
    """A plan with an unknown agency, or in which agencies would wait for ever, stops the start and says why."""
    path = written(tmp_path, f"[procedures.export]\n{settings}\n")
    refused = refusal(path, {})
    assert ("config.plan", f"procedures.export.{key}") == (refused.code, refused.key)
    assert str(path) == refused.source
    assert words in refused.message.en


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ("when.police.hs = ['01']", "when.police", "police is not among the procedure's agencies; allowed: customs, "),
        ("when.tax.hs = ['01-0101']", "when.tax.hs", '"01-0101" is not allowed; allowed are HS codes of 2, 4, 6, 8'),
        ("when.tax.origin = ['DE-FR']", "when.tax.origin", '"DE-FR" is not allowed; allowed are ISO 3166 codes'),
        ("when.tax.regime = ['x']", "when.tax.regime", '"x" is not allowed; allowed are procedure codes of 1 to 4'),
        ("when.tax.orign = ['CN']", "when.tax.orign", "there is no criterion orign; allowed: hs, regime, origin"),
        ("when.tax = {}", "when.tax", "name at least one of hs, regime, origin"),
        ("agencies = ['tax']\nwhen.tax.hs = ['01']", "when", "leave at least one agency without a condition"),
    ],
)
def test_a_condition_that_can_not_be_applied(settings: str, key: str, words: str, tmp_path: Path) -> None:
    """A condition that can't be applied stops the start; file, key and what is allowed are named, in both languages."""
    path = written(tmp_path, f"[procedures.export]\n{settings}\n")
    (mistake,) = mistakes(path, {})
    assert ("config.plan", f"procedures.export.{key}", str(path)) == (mistake.code, mistake.key, mistake.source)
    assert mistake.message.en.startswith(f"procedures.export.{key}: {words}")
    assert f"procedures.export.{key}：" in mistake.message.zh


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ('documents = ["38"]', "documents", 'a list of document types such as ["380"], of these: 1, 2, 3, 4, 271'),
        ("documents = [380]", "documents", 'such as ["380"]'),
        ('deferrable = "861"', "deferrable", "a list of document types"),
        ('when = ["tax"]', "when", "by agency, lists of hs, regime and origin, such as { tax = "),
        ('when.tax.hs = "01"', "when", "by agency, lists of hs"),
    ],
)
def test_documents_and_conditions_of_another_shape(settings: str, key: str, words: str, tmp_path: Path) -> None:
    """A document type that is none, or a condition that is no table of lists, is refused with what is allowed."""
    refused = refusal(written(tmp_path, f"[procedures.import]\n{settings}\n"), {})
    assert ("config.bad-value", f"procedures.import.{key}") == (refused.code, refused.key)
    assert words in refused.message.en


def test_all_that_is_wrong_with_plans_is_told_at_once(tmp_path: Path) -> None:
    """Every mistake in the plans is told, beside those in other sections."""
    text = """
    [gateway]
    port = 70000

    [procedures.import]
    agencies = ["customs", "police", "coroner"]
    after = { tax = ["customs"], customs = ["customs"] }

    [procedures.export]
    after = { tax = ["customs"], customs = ["tax"] }

    [procedures.transit]
    """
    found = [(mistake.code, mistake.key) for mistake in mistakes(written(tmp_path, text), {})]
    assert [
        ("config.unknown-key", "procedures.transit"),
        ("config.bad-value", "gateway.port"),
        ("config.plan", "procedures.import.agencies"),
        ("config.plan", "procedures.import.agencies"),
        ("config.plan", "procedures.import.after"),
        ("config.plan", "procedures.import.after"),
        ("config.plan", "procedures.export.after"),
    ] == found


@pytest.mark.parametrize("settings", ["agencies = 7", 'after = ["tax"]', 'after = { tax = "customs" }'])
def test_a_plan_of_another_shape(settings: str, tmp_path: Path) -> None:
    """A plan that is no list or table of codes is refused with what is allowed."""
    refused = refusal(written(tmp_path, f"[procedures.import]\n{settings}\n"), {})
    assert "config.bad-value" == refused.code


@pytest.mark.parametrize(
    "value", ['"gateway.example"', '["Gateway.example"]', '["a b"]', '["a:b"]', '["http://a"]', '[""]']
)
def test_hosts_that_are_none(value: str, tmp_path: Path) -> None:
    """Hosts are a list of names in lower case, with or without a port; all else is refused with what is allowed."""
    refused = refusal(written(tmp_path, f"[gateway]\nhosts = {value}\n"), {})
    assert ("config.bad-value", "gateway.hosts") == (refused.code, refused.key)
    assert '["gateway.example", "localhost:9000"]' in refused.message.en
    taken = load_config(written(tmp_path, '[gateway]\nhosts = ["gateway.example", "localhost:9000"]\n'), {})
    assert ("gateway.example", "localhost:9000") == taken.gateway.hosts


def test_environment_overrides_file(tmp_path: Path) -> None:
    """A variable stands above the file, also that of an agency whose code has a dash."""
    environ = {
        "ONEWINDOW_GATEWAY_PORT": "9001",
        "ONEWINDOW_STORE_URL": "sqlite:///other.db",
        "ONEWINDOW_AGENCIES_MARKET_SUPERVISION_TIME_LIMIT": "2h",
        "ONEWINDOW_AGENCIES_CUSTOMS_DELAY": "0.25",
        "PATH": "/usr/bin",
    }
    config = load_config(written(tmp_path, WHOLE), environ)
    assert 9001 == config.gateway.port
    assert Path("other.db") == config.store.path
    assert timedelta(hours=2) == config.agency("market-supervision").time_limit
    assert 0.25 == config.agency("customs").delay
    assert "127.0.0.2" == config.gateway.host


@pytest.mark.parametrize(("text", "on"), [("true", True), ("false", False)])
def test_test_mode(text: str, on: bool, tmp_path: Path) -> None:
    """Test mode is off unless it is switched on, in the file or by a variable; no other word will do."""
    assert False is Config().gateway.test_mode
    path = written(tmp_path, f"[gateway]\ntest_mode = {text}\n")
    assert on is load_config(path, {}).gateway.test_mode
    assert on is load_config(None, {"ONEWINDOW_GATEWAY_TEST_MODE": text}).gateway.test_mode
    assert ["gateway.test_mode"] == [each.key for each in mistakes(None, {"ONEWINDOW_GATEWAY_TEST_MODE": "maybe"})]


def test_options_override_environment() -> None:
    """What the command line says stands above the environment."""
    config = load_config(None, {"ONEWINDOW_GATEWAY_PORT": "9001"}, {"gateway.port": ("--port", 9002)})
    assert 9002 == config.gateway.port


@pytest.mark.parametrize("name", sorted(NOT_CONFIGURATION))
def test_other_variables_are_left_alone(name: str) -> None:
    """Variables with the prefix that other parts read are no configuration."""
    assert Config() == load_config(None, {name: "anything"})


TAX_OVER_HTTP = "[agencies.tax]\ntransport = 'http'\nurl = "


@pytest.mark.parametrize(
    ("text", "code", "key", "words"),
    [
        ("[gatway]\n", "config.unknown-key", "gatway", "did you mean [gateway]?"),
        ("[gateway]\nprot = 1\n", "config.unknown-key", "gateway.prot", "did you mean gateway.port?"),
        ("[gateway]\nzzzz = 1\n", "config.unknown-key", "gateway.zzzz", "allowed: gateway.host"),
        ("[agencies.custom]\n", "config.unknown-key", "agencies.custom", "did you mean [agencies.customs]?"),
        ("[agencies.tax]\nzzzz = 'x'\n", "config.unknown-key", "agencies.tax.zzzz", "allowed: agencies.tax.transport"),
        ("[agencies.tax]\nurl = 'x'\n", "config.bad-value", "agencies.tax.url", "http or https"),
        ("gateway = 1\n", "config.bad-value", "gateway", "write [gateway]"),
        ("[gateway]\nport = '80'\n", "config.bad-value", "gateway.port", "0 (any free port) to 65535"),
        ("[gateway]\nport = 65536\n", "config.bad-value", "gateway.port", "0 (any free port) to 65535"),
        ("[gateway]\nworkers = 0\n", "config.bad-value", "gateway.workers", "1: this release"),
        ("[gateway]\nworkers = 2\n", "config.bad-value", "gateway.workers", "1: this release"),
        ("[gateway]\nmax_body = 4194305\n", "config.bad-value", "gateway.max_body", "1024 to 4194304"),
        ("[store]\nurl = 'postgresql://x'\n", "config.bad-value", "store.url", '"sqlite:///FILE"'),
        ("[bus]\nurl = 'redis://x'\n", "config.bad-value", "bus.url", '"memory://"'),
        ("[bus]\nurl = 'nats://user:secret@127.0.0.1'\n", "config.bad-value", "bus.url", "without a user"),
        ("[bus]\nurl = 'nats://127.0.0.1,127.0.0.2'\n", "config.bad-value", "bus.url", '"nats://HOST:PORT"'),
        (f"{TAX_OVER_HTTP}'http://[::1/m'\n", "config.transport", "agencies.tax.url", "names no host"),
        (
            f"{TAX_OVER_HTTP}'http://127.0.0.1:99999/m'\n",
            "config.transport",
            "agencies.tax.url",
            "names no host, or no port",
        ),
        (
            f"{TAX_OVER_HTTP}'http://t.example/m?s3cret'\n",
            "config.transport",
            "agencies.tax.url",
            '"http://t.example…"',
        ),
        ("[bus]\nurl = 'nats://:4222'\n", "config.transport", "bus.url", "names no host"),
        ("[bus]\nurl = 'nats://127.0.0.1:99999'\n", "config.transport", "bus.url", "names no host and port"),
        ("[bus]\nurl = 'nats://bus.example:4222'\n", "config.transport", "bus.url", "without encryption"),
        ("[bus]\nurl = 'tls://bus.example'\ncertificate = 'a'\n", "config.transport", "bus.private_key", "go together"),
        ("[agencies.tax]\ntransport = 'nats'\n", "config.transport", "agencies.tax.transport", "needs a bus"),
        ("[identity]\nmode = 'oidc'\n", "config.bad-value", "identity.mode", '"demo"'),
        ("[agencies.tax]\ntransport = 'post'\n", "config.bad-value", "agencies.tax.transport", '"inprocess"'),
        ("[agencies.tax]\ntransport = 'http'\n", "config.transport", "agencies.tax.url", "needs the address"),
        ("[agencies.tax]\ntime_limit = 30\n", "config.bad-value", "agencies.tax.time_limit", '"30m"'),
        ("[agencies.tax]\ntime_limit = '30 min'\n", "config.bad-value", "agencies.tax.time_limit", '"30m"'),
        ("[agencies.tax]\ndelay = -1\n", "config.bad-value", "agencies.tax.delay", "0 to 86400"),
        ("[agencies.tax]\nledger = ''\n", "config.bad-value", "agencies.tax.ledger", "the path of a file"),
        ("[documents]\nmax_bytes = 1023\n", "config.bad-value", "documents.max_bytes", "1024 to 1073741824"),
        ("[documents]\nfolder = ''\n", "config.bad-value", "documents.folder", "the path of a folder"),
        ("[documents]\nrequired_on_file = 'no'\n", "config.bad-value", "documents.required_on_file", "true or false"),
        ("[keys]\ncertificate = 'a'\n", "config.keys-incomplete", "keys.private_key", "keys.private_key is not set"),
        (
            "[keys]\ncertificate = 'a'\nprivate_key = 'b'\n",
            "config.keys-incomplete",
            "keys.trust",
            "keys.trust is not set",
        ),
        (
            "[gateway]\nhost = '0.0.0.0'\n",
            "config.not-loopback",
            "gateway.host",
            "a loopback address such as 127.0.0.1",
        ),
        ("[gateway]\nhost = 'example.com'\n", "config.not-loopback", "gateway.host", "a loopback address"),
        ("[gateway\n", "config.not-toml", "", "not TOML"),
    ],
)
def test_bad_file_stops_the_start(tmp_path: Path, text: str, code: str, key: str, words: str) -> None:
    """Whatever is not known or not allowed is refused with the file, the key and what is allowed, in two languages."""
    file = written(tmp_path, text)
    bad = refusal(file, {})
    assert (code, key, str(file)) == (bad.code, bad.key, bad.source)
    assert words in bad.message.en
    assert any("\u4e00" <= character <= "\u9fff" for character in bad.message.zh)


@pytest.mark.parametrize(
    "url",
    [
        "nats://user:secret@127.0.0.1:4222",
        "nats://127.0.0.1:4222,nats://user:secret@127.0.0.1:4223",
        "nats://user:secret",
        "nats://user:se/secret@127.0.0.1",
        "user:secret@127.0.0.1",
        "postgresql://user:secret@db.example/cases",
        "postgresql://db.example/cases?user=user&password=secret",
        "host=db.example user=user password=secret",
        "http://user:secret@agency.example/messages",
    ],
)
@pytest.mark.parametrize("key", ["bus", "store", "agencies.tax"])
def test_passwords_are_not_shown(tmp_path: Path, key: str, url: str) -> None:
    """Of an address that is not taken nothing is shown that may be a password, whatever it came in."""
    file = written(tmp_path, f"[{key}]\nurl = '{url}'\n")
    variable = f"ONEWINDOW_{key.upper().replace('.', '_')}_URL"
    wrong = [*mistakes(file, {}), *mistakes(None, {variable: url})]
    assert {f"{key}.url"} == {each.key for each in wrong}
    assert not [each for each in wrong if "secret" in f"{each.message.en}{each.message.zh}"]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Every mistake of file and environment is reported together, each once and with where it comes from."""
    file = written(tmp_path, "[gatway]\n[gateway]\nport = 'x'\nhost = '0.0.0.0'\n[keys]\ncertificate = ''\n")
    found = mistakes(file, {"ONEWINDOW_NOPE": "1"})
    assert [
        ("config.unknown-key", "gatway"),
        ("config.unknown-key", "ONEWINDOW_NOPE"),
        ("config.bad-value", "gateway.port"),
        ("config.bad-value", "keys.certificate"),
        ("config.not-loopback", "gateway.host"),
    ] == [(each.code, each.key) for each in found]
    assert [str(file), "ONEWINDOW_NOPE", str(file), str(file), str(file)] == [each.source for each in found]


def test_documents(tmp_path: Path) -> None:
    """Documents on file are kept beside the store unless a folder is named; variables say it as the file does."""
    text = "[store]\nurl = 'sqlite:///data/cases.db'\n[documents]\nmax_bytes = 1024\n"
    config = load_config(written(tmp_path, text), {"ONEWINDOW_DOCUMENTS_REQUIRED_ON_FILE": "true"})
    assert (1024, True) == (config.documents.max_bytes, config.documents.required_on_file)
    assert Path("data/onewindow-documents") == config.documents_folder
    config = load_config(written(tmp_path, text), {"ONEWINDOW_DOCUMENTS_FOLDER": "elsewhere"})
    assert (Path("elsewhere"), False) == (config.documents_folder, config.documents.required_on_file)


def test_trust_alone(tmp_path: Path) -> None:
    """The authorities may be set without keys of one's own, as whoever checks another's store needs it."""
    assert Path("a.pem") == load_config(written(tmp_path, "[keys]\ntrust = 'a.pem'\n"), {}).keys.trust


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("ONEWINDOW_GATWAY_PORT", "1", "config.unknown-key", "did you mean ONEWINDOW_GATEWAY_PORT?"),
        ("ONEWINDOW_GATEWAY_PORT", "http", "config.bad-value", "0 (any free port) to 65535"),
        ("ONEWINDOW_GATEWAY_HOST", "10.0.0.1", "config.not-loopback", "a loopback address"),
        ("ONEWINDOW_AGENCIES_TAX_DELAY", "nan", "config.bad-value", "0 to 86400"),
        ("ONEWINDOW_PAYMENT_TREASURY", "piggy-bank", "config.bad-value", "is not installed; allowed: reference"),
        ("ONEWINDOW_AGENCIES_TAX_TIME_LIMIT", "0s", "config.bad-value", '"30m"'),
    ],
)
def test_bad_variable_stops_the_start(name: str, value: str, code: str, words: str) -> None:
    """A variable that is not known or not allowed is refused by its own name."""
    bad = refusal(None, {name: value})
    assert (code, name) == (bad.code, bad.source)
    assert words in bad.message.en


def test_unreadable_file(tmp_path: Path) -> None:
    """A file that is not there is refused, not passed over."""
    bad = refusal(tmp_path / "nowhere.toml", {})
    assert ("config.unreadable", str(tmp_path / "nowhere.toml")) == (bad.code, bad.source)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("", False)],  # noqa: S104 - nothing is bound to it
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only addresses that no other machine can reach are loopback."""
    assert is_loopback(host) is loopback
