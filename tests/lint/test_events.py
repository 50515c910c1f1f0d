"""Definitions in each other's way, events without a place, names that mean nothing, scopes that never open."""

from __future__ import annotations

import pytest

from tests.lint.looked import RUN, remarks, said

PAIR = "events: {{start: {}, other: {}, end: {{from: client}}}}\nscopes: {{run: {{order: 'start, other, end'}}}}"


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("{match: {/type: x}}", "{match: {/type: x, /a: 1}}", "shadowed"),
        ("{match: {/type: x, /a: 1}}", "{match: {/type: x}}", None),
        ("{match: {/a: true}}", "{match: {/a/b: 1}}", "shadowed"),
        ("{match: {/a: {type: integer}}}", "{match: {/a: 1}}", "shadowed"),
        ("{match: {/a: {type: string}}}", "{match: {/a: 1}}", None),
        ("{match: {/a: 1}}", "{match: {/a: 1.0}}", "shadowed"),
        ("{match: {/a: 1}}", "{match: {/a: {const: 1}}}", "shadowed"),
        ("{match: {/a: {type: integer}}}", "{match: {/a: {type: integer}}}", "shadowed"),
        ("{match: {/a: {type: integer}}}", "{match: {/a: {minimum: 1}}}", None),
        ("{match: {/type: other}}", "", "shadowed"),
        ("{match: {/type: other, /a: 1}}", "", None),
        ("", "{match: {/type: start}}", "shadowed"),
        ("{match: {/type: x}, from: client}", "{match: {/type: x}}", None),
        ("{match: {/type: x}, from: either}", "{match: {/type: x}}", "shadowed"),
        ("{match: {/type: x}}", "{match: {/type: x}, from: either}", None),
        ("{match: {/a: 1}}", "{match: {/b: 1}}", "overlap"),
        ("{match: {/a: 1}}", "{match: {/a: 2}}", None),
        ("{match: {/a: 1, /c: 1}}", "{match: {/b: 1, /c: 2}}", None),
        ("{match: {/a: 1, /c: {type: integer}}}", "{match: {/b: 1, /c: 2}}", "overlap"),
        ("{match: {/a: 1, /c: {type: string}}}", "{match: {/b: 1, /c: 2}}", None),
        ("{match: {/a: 1, /c: {type: string}}}", "{match: {/b: 1, /c: {minLength: 1}}}", None),
    ],
)
def test_definitions_that_meet_are_told_apart_where_that_can_be_decided(
    first: str, second: str, code: str | None
) -> None:
    at = "/events/other" if code == "shadowed" else "/events/start"
    assert said(PAIR.format(first, second)) == ([(code, at)] if code else [])


def test_the_ends_of_a_session_are_told_apart_too() -> None:
    ends = "$close.late: {match: {/code: 4000}}, $close.ours: {match: {/initiator: tool}}"
    events = f"events: {{start: , end: , $close: , {ends}}}"
    order = "order: '$open, run*, ($close.late | $close.ours)'"
    scopes = f"scopes: {{connection: {{{order}}}, run: {{key: /id, order: 'start, end'}}}}"
    assert said(f"{events}\n{scopes}") == [("overlap", "/events/$close.late")]


def test_an_end_of_a_session_that_no_order_names_is_let_pass_and_remarked_on() -> None:
    events = "events: {start: , end: , $close.late: {match: {/code: 4000}}, $close.well: {match: {/code: 1000}}}"
    assert said(f"{events}\n{RUN}") == []
    found = remarks(f"{events}\nscopes: {{connection: {{order: '$close.well?'}}, run: {{order: 'start, end'}}}}")
    assert [(remark.code, remark.position.pointer) for remark in found] == [("unplaced", "/events/$close.late")]
    assert "this end of a session is let pass" in found[0].message


def test_events_that_a_rule_names_or_that_are_ignored_have_their_place() -> None:
    text = "events: {start: , end: , ask: {from: client}, ping: }\nignore: [ping]\n"
    rules = "rules: [{id: asked, ask: ask, with: start}]"
    scopes = f"scopes: {{connection: {{{rules}}}, run: {{order: 'start, end'}}}}"
    assert said(text + scopes) == [("tolerated", "/ignore")]
    assert said(text + RUN) == [("unplaced", "/events/ask"), ("tolerated", "/ignore")]


SHUT = "additionalProperties: false"


@pytest.mark.parametrize(
    ("schema", "scope", "found"),
    [
        ("{properties: {run_id: true}}", "key: /runid, order: 'start, end'", "warning /scopes/run/key"),
        ("{properties: {run_id: true}}", "key: /thread, order: 'start, end'", None),
        (f"{{properties: {{type: true}}, {SHUT}}}", "key: /id, order: 'start, end'", "error /scopes/run/key"),
        ("{properties: {id: false}}", "key: /id, order: 'start, end'", "error /scopes/run/key"),
        (
            "{properties: {id: true}}",
            "key: {start: /ids, end: /id}, order: 'start, end'",
            "warning /scopes/run/key/start",
        ),
        ("{properties: {id: {properties: {a: true}}}}", "key: /id/a, order: 'start, end'", None),
        (
            "{properties: {id: {$ref: '#/$defs/i'}}, $defs: {i: {properties: {name: true}}}}",
            "key: /id/nmae, order: 'start, end'",
            "warning /scopes/run/key",
        ),
        ("{anyOf: [{properties: {run_id: true}}]}", "key: /run_id, order: 'start, end'", None),
        (
            "{properties: {user_id: true}}",
            "order: 'start, end', rules: [{id: r, same: /user-id, events: [start]}]",
            "warning /scopes/run/rules/0/same",
        ),
        (
            "{properties: {user_id: false}}",
            "order: 'start, end', rules: [{id: r, same: /user_id, events: [start]}]",
            "error /scopes/run/rules/0/same",
        ),
        (
            "{properties: {user_id: false}}",
            "order: 'start, end', rules: [{id: r, same: {start: /user_id}}]",
            "warning /scopes/run/rules/0/same/start",
        ),
    ],
)
def test_pointers_are_held_against_the_schemas_of_their_events(schema: str, scope: str, found: str | None) -> None:
    told = remarks(f"events: {{start: {{schema: {schema}}}, end: }}\nscopes: {{run: {{{scope}}}}}")
    expected = [("unknown-member", *found.split())] if found else []
    assert [(remark.code, str(remark.severity), remark.position.pointer) for remark in told] == expected


def test_a_pointer_that_some_events_know_is_well() -> None:
    events = "events: {start: {schema: {properties: {user_id: true}}}, end: {schema: {properties: {userid: true}}}}"
    assert said(f"{events}\nidentity: /user_id\nredact: [/user_id]\n{RUN}") == []
    assert said(f"{events}\nidentity: /usr_id\n{RUN}") == [("unknown-member", "/identity")]


@pytest.mark.parametrize(
    ("scopes", "found"),
    [
        ("{run: {order: 'start, end'}, side: {key: /id}}", [("never-opens", "/scopes/side")]),
        ("{run: {order: 'start, end', rules: [{id: u, unique: /n}]}}", []),
        (
            "{run: {order: 'start, end'}, side: {key: /id, rules: [{id: u, unique: /n}]}}",
            [("never-opens", "/scopes/side")],
        ),
        ("{run: {order: 'start, end'}, side: {key: /id, rules: [{id: u, unique: /n, events: [start]}]}}", []),
        (
            (
                "{run: {key: {end: /id}, order: 'start, in?, end'}, "
                "in: {in: run, key: /id, rules: [{id: u, unique: /n, events: [end]}]}}"
            ),
            [("never-opens", "/scopes/run"), ("never-opens", "/scopes/in")],
        ),
        ("{run: {key: /id, order: '$open, start, end'}}", [("never-opens", "/scopes/run")]),
        ("{run: {order: '$open, start, end'}}", []),
        ("{run: {order: 'start, end', ends: [end], abandons: [end]}}", []),
        ("{run: {order: 'start, end', ends: [end, both]}}", []),
        ("{connection: {ends: [end]}, run: {order: 'start, end'}}", [("outside-order", "/scopes/connection/ends/0")]),
        ("{run: {key: {start: /a, end: [/a, /b]}, order: 'start, end'}}", [("key-arity", "/scopes/run/key")]),
    ],
)
def test_scopes_and_clauses_that_never_take_effect_are_remarked_on(scopes: str, found: list[tuple[str, str]]) -> None:
    text = f"events: {{start: , end: }}\ngroups: {{both: [start, end]}}\nignore: []\nscopes: {scopes}"
    assert [one for one in said(text) if one[0] != "unused-group"] == found


@pytest.mark.parametrize(
    ("redacted", "schema", "found"),
    [
        ("/token", "{properties: {token: {type: string, pattern: '^ey'}}}", "pattern"),
        ("/token", "{properties: {token: {const: x}}}", "const"),
        ("/auth", "{properties: {auth: {type: object, required: [t], properties: {t: {minLength: 1}}}}}", "minLength"),
        ("/auth/t", "{properties: {auth: {properties: {t: {format: uri}}}}}", "format"),
        ("/auth/t", "{properties: {auth: {properties: {u: {format: uri}}}}}", None),
        ("/token", "{$ref: '#/$defs/m', $defs: {m: {properties: {token: {maxLength: 3}}}}}", "maxLength"),
        ("/token", "{properties: {token: {type: string, description: a secret}}}", None),
    ],
)
def test_what_is_asked_of_a_redacted_member_is_remarked_on(redacted: str, schema: str, found: str | None) -> None:
    told = remarks(f"events: {{start: {{schema: {schema}}}, end: }}\nredact: [{redacted}]\n{RUN}")
    assert [(remark.code, remark.position.pointer.rpartition("/")[2]) for remark in told] == (
        [("redacted-member", found)] if found else []
    )


def test_a_match_on_a_redacted_member_is_remarked_on() -> None:
    text = f"events: {{start: {{match: {{/type: start, /token: x}}}}, end: }}\nredact: [/token]\n{RUN}"
    assert said(text) == [("redacted-member", "/events/start/match/~1token")]
    assert said(text.replace("/token: x", "/token: true")) == []
