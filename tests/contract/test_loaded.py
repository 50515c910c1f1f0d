"""A contract, loaded: what is left out, what names stand for, and what its digest covers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contract.small import EVENTS, HEAD
from wscheck.contract.load import load_contract, parse_contract
from wscheck.contract.model import Contract, Scope, Select
from wscheck.errors import ContractError, UsageError
from wscheck.finding import Severity
from wscheck.pointer import Pointer
from wscheck.rules import Rule

SHIPPED = Path(__file__).parents[2] / "schemas/agent-events/2.0.0"


def load(below: str) -> Contract:
    return parse_contract(HEAD + EVENTS + below)


def scope(members: str, below: str = "") -> Scope:
    return load(f"scopes: {{s: {{{members}}}}}\n{below}").scopes["s"]


def test_what_is_left_out_has_a_default() -> None:
    contract = parse_contract('wscheck: 1\nname: t\nversion: "1.0.0"\nevents: {a: {match: {"": {}}}}\n')
    assert (contract.name, contract.version, contract.file) == ("t", "1.0.0", "contract.yaml")
    assert (contract.description, contract.select, contract.event_name, contract.identity) == ("", Select(), (), None)
    assert (contract.isolate, contract.redact, contract.ignore, contract.severity) == ((), (), frozenset(), {})
    assert [(event.name, event.sender, event.schema, event.cause) for event in contract.events] == [
        (name, "server", None, None) for name in ("a", "$open", "$close")
    ]
    connection = contract.scopes["connection"]
    assert list(contract.scopes) == ["connection"]
    assert (connection.parent, connection.depth, connection.key, connection.order) == (None, 0, None, None)
    assert (connection.rules, connection.severity, connection.required) == ((), {}, ())


def test_every_member_of_the_document_comes_to_the_model() -> None:
    contract = load(
        "description: d\nselect: {subprotocol: v2, path: /ws*}\nidentity: /u\nisolate: [/r]\nredact: [/p, '/a~1b']\n"
        "severity: {orphan: info}\nignore: [beta]\n"
    )
    assert contract.select == Select(subprotocol="v2", path="/ws*")
    assert (contract.description, contract.identity) == ("d", Pointer("/u"))
    assert (contract.isolate, contract.redact) == ((Pointer("/r"),), (Pointer("/p"), Pointer("/a~1b")))
    assert (contract.severity, contract.ignore) == ({"orphan": Severity.INFO}, frozenset({"beta"}))
    assert contract.event_name == (Pointer("/t"),)
    assert (contract.line("/redact/1"), contract.line("/redact/1/deeper"), contract.line("/nope")) == (10, 10, 1)
    assert contract.line(None) is None


def test_an_event_is_known_by_constants_schemas_and_by_being_there() -> None:
    match = "{/code: 1008, /a: {type: string}, /b: true, /c: 1}"
    contract = parse_contract(f"{HEAD}events: {{$close.x: {{match: {match}}}, $open: }}\n")
    assert [event.name for event in contract.events] == ["$close.x", "$open", "$close"]
    code, schema, there, one = contract.definitions["$close.x"].match or ()
    assert (code.pointer, code.test, there.test, one.test) == (Pointer("/code"), (1008,), None, (1,))
    assert schema.test is not None
    assert not isinstance(schema.test, tuple)
    assert schema.test.accepts("x")
    assert not schema.test.accepts(1)


def test_a_name_stands_for_its_event_its_variants_and_its_group() -> None:
    groups = "groups: {g: [alpha, st], h: [g, beta]}\n"
    order = scope("order: 'gamma, (h | st)*', ends: [g], abandons: [st.on]", groups)
    assert order.ordered == {"alpha", "beta", "gamma", "st.on", "st.off"}
    assert order.ends == {"alpha", "st.on", "st.off"}
    assert order.abandons == {"st.on"}
    assert [name.text for name in order.required] == ["gamma"]


def test_what_is_ignored_is_left_out_of_an_order_with_its_variants() -> None:
    assert load("ignore: [st]\n").ignore == {"st.on", "st.off"}
    assert scope("order: 'alpha, st'", "ignore: [st.on]\n").ordered == {"alpha", "st.off"}


def test_what_is_ignored_may_still_be_named_by_a_rule() -> None:
    rules = scope("rules: [{id: r, count: st, max: 1}, {id: u, unique: /u}]", "ignore: [st]\n").rules
    assert [rule.law.watches for rule in rules] == [{"st.on", "st.off"}, {"alpha", "beta", "gamma"}]


# Members of a scope, and its key by event.
KEYS: list[tuple[str, dict[str, list[str] | None]]] = [
    ("key: /k", {name: ["/k"] for name in ("alpha", "beta", "gamma", "st.on", "st.off", "$open", "$close")}),
    ("key: {alpha: [/a, /b], st: /s, st.on: ~}", {"alpha": ["/a", "/b"], "st.off": ["/s"], "st.on": None}),
    ("key: {beta: /b, '*': ''}", {"alpha": [""], "beta": ["/b"], "st.on": [""]}),
]


@pytest.mark.parametrize(("members", "expected"), KEYS)
@pytest.mark.parametrize("member", ["key", "parent_key"])
def test_a_key_is_by_event_the_longest_name_first(
    member: str, members: str, expected: dict[str, list[str] | None]
) -> None:
    loaded = scope(members.replace("key", member, 1))
    table = {
        name: None if parts is None else [part.text for part in parts]
        for name, parts in (getattr(loaded, member) or {}).items()
    }
    assert {name: table[name] for name in expected} == expected
    assert ("beta" in table) is ("*" in members or "{" not in members)


def test_scopes_lie_in_each_other_and_severities_are_their_own() -> None:
    contract = load(
        "severity: {orphan: error}\nscopes:\n"
        "  inner: {in: outer, severity: {orphan: info}, within: 5, gap: 0.5, max_open: 2}\n  outer: \n"
    )
    names = [(s.name, s.parent, s.depth, s.path) for s in contract.scopes.values()]
    assert names == [
        ("connection", None, 0, "/scopes/connection"),
        ("inner", "outer", 2, "/scopes/inner"),
        ("outer", "connection", 1, "/scopes/outer"),
    ]
    inner = contract.scopes["inner"]
    assert (inner.severity, contract.scopes["outer"].severity) == ({"orphan": Severity.INFO}, {})
    assert (inner.within, inner.gap, inner.max_open) == (5, 0.5, 2)


def rules(written: str) -> tuple[Rule, ...]:
    members = f"order: 'alpha, beta', rules: [{written}]"
    return load(f"scopes: {{s: {{{members}}}, tool: {{in: s}}}}\n").scopes["s"].rules


# A rule, what it watches, and what it names itself.
RULES: list[tuple[str, set[str], set[str]]] = [
    ("count: [gamma, tool], max: 1", {"gamma", "tool"}, {"gamma"}),
    ("need: st, before: gamma", {"st.on", "st.off", "gamma"}, {"st.on", "st.off", "gamma"}),
    ("forbid: [alpha], after: st.on", {"alpha", "st.on"}, {"alpha", "st.on"}),
    ("ask: alpha, with: gamma", {"alpha", "gamma"}, {"alpha", "gamma"}),
    ("unique: /u", {"alpha", "beta"}, set()),
    ("unique: /u, events: [st]", {"st.on", "st.off"}, {"st.on", "st.off"}),
    ("counter: /u", {"alpha", "beta"}, set()),
    ("chain: /u, previous: /v, events: [gamma]", {"gamma"}, {"gamma"}),
    ("same: {alpha: /u}", {"alpha"}, set()),
]


@pytest.mark.parametrize(("written", "watched", "named"), RULES)
def test_a_rule_watches_what_it_names_or_what_its_scope_orders(
    written: str, watched: set[str], named: set[str]
) -> None:
    (rule,) = rules(f"{{id: r, {written}}}")
    assert rule.law.watches == watched
    assert rule.names == named


def test_a_rule_of_the_connection_or_of_a_scope_without_order_looks_at_every_message() -> None:
    for members in ("rules: [{id: r, unique: /u}]", "rules: [{id: r, unique: /u}], key: /k"):
        assert scope(members, "ignore: [beta]\n").rules[0].law.watches == {"alpha", "gamma", "st.on", "st.off"}
    (rule,) = load("scopes: {connection: {order: alpha, rules: [{id: r, unique: /u}]}}\n").scopes["connection"].rules
    assert rule.law.watches == {"alpha", "beta", "gamma", "st.on", "st.off"}


def test_a_rule_keeps_what_is_said_about_it() -> None:
    first, second = rules("{id: a, count: alpha, max: 1, severity: info, why: because}, {id: b, unique: /u}")
    assert (first.id, first.keyword, first.path) == ("a", "count", "/scopes/s/rules/0")
    assert (first.severity, first.why) == (Severity.INFO, "because")
    assert (second.id, second.path, second.severity, second.why) == ("b", "/scopes/s/rules/1", None, None)


# The orders of two inner scopes and of the connection, and the way from its beginning to where alpha is taken.
LATE = [
    ("gamma", "st", "(mine | theirs), alpha", ("theirs",)),
    ("gamma", "gamma, st", "(mine | theirs), alpha", ("mine",)),
    ("gamma", "gamma | st", "(mine | theirs), alpha", ("theirs",)),
    ("st", "st", "(mine | theirs), alpha", ("mine",)),
    ("st", "st", "(gamma | beta), alpha", ("beta",)),
    ("st", "st", "(gamma | mine), alpha", ("mine",)),
]


@pytest.mark.parametrize(("mine", "theirs", "order", "way"), LATE)
def test_what_the_client_sends_or_opens_is_tried_last(mine: str, theirs: str, order: str, way: tuple[str, ...]) -> None:
    orders = {"connection": order, "mine": mine, "theirs": theirs}
    contract = load(f"scopes: {{{', '.join(f'{name}: {{order: {text!r}}}' for name, text in orders.items())}}}\n")
    automaton = contract.scopes["connection"].order
    assert automaton is not None
    assert automaton.path(0, "alpha") == way


# -- from a file


def test_a_digest_covers_the_document_and_every_schema_that_it_refers_to(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(SHIPPED, folder)
    digests = [load_contract(str(SHIPPED)).digest, load_contract(str(folder)).digest]
    assert digests[0] == digests[1]
    for file in ("events/agent_started.schema.json", "contract.yaml"):
        path = folder / file
        path.write_bytes(path.read_bytes() + b"\n")
        digests.append(load_contract(str(folder)).digest)
    (folder / "CHANGES.md").write_text("other", encoding="utf-8")
    digests.append(load_contract(str(folder)).digest)
    assert [len(set(digests[:end])) for end in range(1, 6)] == [1, 1, 2, 3, 3]
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


def test_a_contract_is_found_by_name_and_keeps_its_file() -> None:
    contract = load_contract("agent-events@2")
    assert (contract.name, contract.version) == ("agent-events", "2.0.0")
    assert contract.file.endswith("agent-events/2.0.0/contract.yaml")
    assert contract.line("/scopes/connection/order") is not None


def test_a_contract_that_is_not_there_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no contract, file or folder"):
        load_contract(str(tmp_path / "none.yaml"))


def test_a_schema_file_that_is_not_there_is_told_at_its_reference(tmp_path: Path) -> None:
    text = f"{HEAD}events:\n  a: {{schema: {{$ref: events/none.json}}}}\n"
    (tmp_path / "contract.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"contract\.yaml:6:16: at /events/a/schema/\$ref: .*events/none\.json"):
        load_contract(str(tmp_path))


def test_line_ends_of_another_system_change_no_contract() -> None:
    text = HEAD + EVENTS + "scopes: {s: {order: 'alpha, beta'}}\n"
    windows = parse_contract(text.replace("\n", "\r\n"))
    assert windows.lines == parse_contract(text).lines
    assert windows.scopes["s"].order == parse_contract(text).scopes["s"].order
