"""Configurations that cannot be used: no TOML, not what a configuration is, or against its language."""

from __future__ import annotations

from tests.inputs.row import CONFIG, CONTRACT, SCENARIO, Data, Row

BESIDE: dict[str, Data] = {"contract.yaml": CONTRACT, "scenario.yaml": SCENARIO}

TOML: dict[str, tuple[Data, int, str]] = {
    "no TOML": ("contracts: schemas\n", 1, "no TOML"),
    "a NUL": (b'contracts = "a\x00b"\n', 1, "no TOML"),
    "an escape character": (b'\n\ncontracts = "\x1b[31m"\n', 3, "no TOML"),
    "UTF-16": (CONFIG.encode("utf-16"), 1, "UTF-16"),
    "Latin-1": ('\ncontracts = "café"\n'.encode("latin-1"), 2, "not UTF-8"),
    "half of a surrogate pair": ('contracts = "\\ud800"\n', 1, "no TOML"),
    "bytes without a meaning": (b"\x00\x01\x02\xff", 1, "not UTF-8"),
    "a file of 5 MB": (lambda: b"# a comment\n" * 450_000, 1, "larger than"),
    "a member twice": ('contracts = "a"\ncontracts = "b"\n', 2, "no TOML"),
    "a table twice": (CONFIG + "[env.staging]\n", 5, "no TOML"),
    "a string that never ends": ('contracts = "a\n', 1, "no TOML"),
    "an array of 5,000 levels": ("contracts = " + "[" * 5000 + "]" * 5000, 1, "128 levels"),
    "a table of 200 levels": ("[" + ".".join(["a"] * 200) + "]\n", 1, "128 levels"),
    "100,001 values": (lambda: b"contracts = [" + b"1," * 100_001 + b"]", 1, "100000 values"),
    "a date": (CONFIG + "proxy = 2026-01-01\n", 5, "date"),
    "an infinity": (CONFIG + "deadline = {tcp = inf}\n", 5, "out of range"),
    "no number": (CONFIG + "deadline = {tcp = nan}\n", 5, "out of range"),
    "a number of 5,000 digits behind a comment": (
        f"# {'8' * 5000}\n" + CONFIG + f"deadline = {{tcp = {'1' * 5000}}}\n",
        6,
        "out of range",
    ),
    "a number of 5,000 digits": (CONFIG + f"deadline = {{tcp = {'1' * 5000}}}\n", 5, "out of range"),
    "a member that is misspelled": ("contract = 'a'\n" + CONFIG, 1, "did you mean 'contracts'"),
    "contracts that are a number": ("contracts = 5\n", 1, "contracts"),
    "environments in a list": ("env = []\n", 1, "env"),
    "an environment that is a number": ("[env]\nstaging = 5\n", 2, "staging"),
    "an environment whose name escapes": ('[env."../x"]\nurl = "ws://h"\n', 1, "../x"),
    "an address that is a number": ("[env.staging]\nurl = 5\n", 2, "url"),
    "an address of another protocol": ('[env.staging]\nurl = "ftp://h/"\n', 2, "ws:// or wss://"),
    "an address that never closes": ('[env.staging]\nurl = "ws://[::1"\n', 2, "IPv6 in brackets"),
    "a proxy that is none": (CONFIG + 'proxy = "gopher://h"\n', 5, "proxy"),
    "authorities that are not there": (CONFIG + 'ca_cert = "no.pem"\n', 5, "cannot be read"),
    "an environment with an unknown member": (CONFIG + "tokens = 5\n", 5, "tokens"),
    "a deadline in words": (CONFIG + 'deadline = {tcp = "soon"}\n', 5, "tcp"),
    "a deadline in the past": (CONFIG + "[env.staging.deadline]\nwelcome = -1\n", 6, "welcome"),
    "a readiness list that is none": (CONFIG + "ready = 5\n", 5, "ready"),
    "a readiness check of another protocol": (CONFIG + '[[env.staging.ready]]\nurl = "ftp://h/"\n', 6, "http"),
    "a readiness check of a port that is none": (
        CONFIG + '[[env.staging.ready]]\nurl = "http://h:99999/"\n',
        6,
        "port",
    ),
    "a readiness check at no pointer": (
        CONFIG + '[[env.staging.ready]]\nurl = "http://h/"\nwhere = {status = 1}\n',
        7,
        "Pointer",
    ),
    "a readiness check of a pattern that is none": (
        CONFIG + '[[env.staging.ready]]\nurl = "http://h/"\nwhere = {"/x" = {pattern = "("}}\n',
        7,
        "pattern",
    ),
    "credentials of no section": (CONFIG + 'auth = "ada"\n', 5, "auth.ada"),
    "credentials of no scheme": (CONFIG + "[auth.ada]\n", 5, "scheme"),
    "credentials of a scheme nobody knows": (CONFIG + '[auth.ada]\nscheme = "magic"\n', 6, "scheme"),
    "credentials without a key": (CONFIG + '[auth.ada]\nscheme = "jwt"\n', 5, "key"),
    "a secret in the file": (CONFIG + '[auth.ada]\nscheme = "jwt"\nkey = "canary-4711"\n', 7, "secrets never stand"),
    "a secret from two places": (
        CONFIG + '[auth.ada]\nscheme = "token"\ntoken = {env = "A", file = "b"}\n',
        7,
        "token",
    ),
    "a secret from a command that is text": (
        CONFIG + '[auth.ada]\nscheme = "token"\ntoken = {command = "rm -rf /"}\n',
        7,
        "array",
    ),
    "a secret in a header": (CONFIG + 'headers = {X-Api-Key = "canary-4711"}\n', 5, "secrets never stand"),
    "a variable in the file": (CONFIG + 'proxy = "${nonce}"\n', 5, "variables"),
    "a profile that repeats": ("[profile.release]\nrepeat = 10\n", 2, "not built yet"),
    "a profile that fails on whim": ('[profile.release]\nfail_on = "whim"\n', 2, "fail_on"),
}

ROWS = [
    Row(
        name="no address",
        kind="config",
        data="[env.staging]\n",
        beside=BESIDE,
        line=5,
        word="no url",
        named="scenario.yaml",
    ),
    *(
        Row(name=name, kind="config", data=data, beside=BESIDE, line=line, word=word)
        for name, (data, line, word) in TOML.items()
    ),
    Row(
        name="a broken project file",
        kind="config",
        file="pyproject.toml",
        data="[tool.wscheck]\ncontracts = 5\n",
        beside=BESIDE,
        line=2,
        word="contracts",
    ),
    Row(
        name="a project file that is no TOML",
        kind="config",
        file="pyproject.toml",
        data="[tool.wscheck\n",
        beside=BESIDE,
        line=1,
        word="no TOML",
    ),
]
