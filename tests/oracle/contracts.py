"""Contracts made by chance: small, of every shape that the language has."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle.made_rules import make_rules, make_value_rule

SERVER = list("abcdefghijklmnop")
EVENTS: dict[str, Any] = {
    **dict.fromkeys([*SERVER, "x", "y"]),
    "q": {"from": "client"},
    "r": {"from": "client"},
    "w": {"from": "either"},
    "st.on": {"match": {"/t": "st", "/s": "on"}},
    "st.off": {"match": {"/t": "st", "/s": "off"}},
}
CLOSINGS: list[dict[str, Any]] = [
    {},
    {"$close": None},
    {"$close.bad": {"match": {"/code": 4000}}},
    {"$close.lost": {"match": {"/code": 1006}}, "$close": None},
    {"$close.bad": {"match": {"/code": {"enum": [1011, 4000]}}}, "$close.going": {"match": {"/code": 1001}}},
]
HIDDEN = "duplicate missing orphan unknown-event reused-key incomplete child-open abandoned".split()
SHAPES = "one one pipeline barrier feed two two three siblings siblings heirs mixed begun none none none".split()


def make_contract(rng: Random) -> dict[str, Any]:
    """Return a contract document, as JSON would hold it."""
    maker = _Maker(rng)
    maker.make(rng.choice(SHAPES))
    document: dict[str, Any] = {
        "wscheck": 1,
        "name": "made",
        "version": "1.0.0",
        "event_name": "/t",
        "events": maker.events,
        "groups": maker.groups,
        "scopes": maker.scopes,
    }
    others: list[tuple[float, dict[str, Any]]] = [
        (0.15, {"ignore": ["y"]}),
        (0.2, {"severity": {rng.choice(HIDDEN): rng.choice(["ignore", "ignore", "info"])}}),
        (0.05, {"event_name": ["/kind", "/t"]}),
        (0.05, {"select": {"subprotocol": "v1"}}),
        (0.1, {"identity": "/v"}),
        (0.1, {"isolate": ["/P"]}),
    ]
    for chance, members in others:
        document |= members if rng.random() < chance else {}
    return document


class _Maker:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.events = {**EVENTS, **rng.choice(CLOSINGS)}
        if rng.random() < 0.1:
            self.events["a"] = {"schema": {"properties": {"n": {"type": "integer"}}, "required": ["m"]}}
        if rng.random() < 0.1:
            self.events["b"] = {"match": {"/t": "b", "/n": True}}
        self.closings = [name for name in self.events if name.startswith("$close")] or ["$close"]
        self.pool = [*SERVER, "q", "r", "w", "st.on", "st.off"]
        rng.shuffle(self.pool)
        self.groups: dict[str, list[str]] = {}
        self.scopes: dict[str, dict[str, Any]] = {}
        self.own: dict[str, list[str]] = {}

    def make(self, shape: str) -> None:
        """Fill in the scopes."""
        shared = self._pick(self.rng.randint(1, 2))
        match shape:
            case "one":
                tops = [self._scope("P")]
            case "pipeline" | "barrier" | "feed":
                tops = [self._known_shape("P", shape)]
            case "two":
                inner = [self._scope(name, "P") for name in self.rng.choice(["S", "S", "ST"])]
                tops = [self._scope("P", inner=inner)]
            case "three":
                tops = [self._scope("G", inner=[self._scope("P", "G", inner=[self._scope("S", "P")])])]
            case "siblings":
                tops = [self._scope(name, shared=shared) for name in "PU"]
            case "heirs":
                tops = [self._scope("P")]
                tops.append(self._scope("U", shared=[self.own["P"][0], self.own["P"][-1]]))
            case "mixed":
                inner = [self._scope(name, "P", shared=shared) for name in "ST"]
                tops = [self._scope("P", inner=inner), self._scope("U", shared=self.rng.choice([[], shared]))]
            case "begun":
                tops = [self._begun("P")]
            case _:
                tops = []
        self._connection(tops)
        for body in [each for each in self.scopes.values() if "parent_key" in each]:
            around = self.scopes[body["in"]].get("key")
            if around is None:
                del body["parent_key"]
            elif isinstance(around, list):
                body["parent_key"] = around

    def _chance(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _pick(self, number: int) -> list[str]:
        return [self.pool.pop() if self.pool else "x" for _ in range(number)]

    def _scope(
        self, name: str, parent: str = "", *, inner: list[str] | None = None, shared: list[str] | None = None
    ) -> str:
        rng, inner, shared = self.rng, inner or [], shared or []
        own = self.own[name] = self._pick(rng.randint(2, 4))
        body = self.scopes[name] = self._key(name, own[0])
        if parent:
            body["in"] = parent
            body |= {"parent_key": f"/{parent}"} if self._chance(0.7) else {}
            body |= {"max_open": rng.choice([1, 2])} if self._chance(0.2) else {}
        if not inner and self._chance(0.1):
            body["rules"] = self._rules([*own, *shared], [], opening=True)
            return name
        extra = self._group(name) if self._chance(0.1) else []
        extra += [own[0]] if self._chance(0.15) else []
        extra += [rng.choice(self.closings)] if self._chance(0.1) else []
        body["order"] = f"{own[0]}, {self._expression([*own[1:], *shared, *inner, *extra])}"
        if inner:
            body |= {rng.choice(["ends", "abandons"]): [rng.choice(own)]} if self._chance(0.5) else {}
            body |= {"abandons": [rng.choice(own[1:])]} if self._chance(0.1) else {}
        self._add_deadlines(body, 0.15)
        if self._chance(0.4):
            below = [event for scope in inner for event in self.own[scope]]
            body["rules"] = self._rules([*own, *shared, *below], inner)
        if self._chance(0.2):
            body["severity"] = {rng.choice(["orphan", "no-key", "reused-key"]): rng.choice(["ignore", "error"])}
        return name

    def _known_shape(self, name: str, shape: str) -> str:
        """A scope as protocols have them: a strict pipeline, an unordered set with a barrier, a numbered feed."""
        rng = self.rng
        own = self.own[name] = self._pick(rng.randint(4, 7))
        body = self.scopes[name] = self._key(name, own[0])
        if shape == "pipeline":
            body["order"] = ", ".join([own[0], *(each + rng.choice(["", "", "", "?", "*"]) for each in own[1:])])
        elif shape == "barrier":
            body["order"] = f"{own[0]}, ({' & '.join(own[1:-1])}), {own[-1]}"
        else:
            body["order"] = f"{own[0]}, {own[1]}*, ({' | '.join(own[2:])})"
            body["rules"] = [{"id": "feed", **make_value_rule(rng, "counter"), "events": own[:2]}]
        if self._chance(0.3):
            body["rules"] = body.get("rules", []) + self._rules(own, [])
        self._add_deadlines(body, 0.2)
        return name

    def _begun(self, name: str) -> str:
        """A scope without key that the opening handshake opens."""
        own = self.own[name] = self._pick(2)
        self.scopes[name] = {"order": f"$open, {own[0]}, {own[1]}*"}
        return name

    def _group(self, name: str) -> list[str]:
        if self._chance(0.5) and {"st.on", "st.off"} <= set(self.pool):
            self.pool = [event for event in self.pool if not event.startswith("st.")]
            return ["st"]
        self.groups[f"{name}_group"] = self._pick(2)
        return [f"{name}_group"]

    def _add_deadlines(self, body: dict[str, Any], chance: float) -> None:
        body |= {"within": self.rng.choice([2, 5])} if self._chance(chance) else {}
        body |= {"gap": self.rng.choice([1, 3])} if self._chance(chance) else {}

    def _rules(self, names: list[str], inner: list[str], *, opening: bool = False) -> list[Any]:
        made = sum(len(body.get("rules", [])) for body in self.scopes.values())
        closing = [self.rng.choice(self.closings)] if self._chance(0.1) and not opening else []
        return make_rules(self.rng, names, inner, closing, first=made + 1, opening=opening)

    def _key(self, name: str, opener: str) -> dict[str, Any]:
        key: list[Any] = [f"/{name}"] * 5
        key += [
            [f"/{name}", f"/{name}2"],
            {opener: f"/{name}", "*": f"/{name}b"},
            {opener: f"/{name}", "*": None},
            None,
        ]
        chosen = self.rng.choice(key)
        return {} if chosen is None else {"key": chosen}

    def _connection(self, tops: list[str]) -> None:
        rng = self.rng
        own = self._pick(rng.randint(1, 2))
        inside = self._expression([*own, *tops])
        forms = [f"$open, {inside}, $close", inside, f"$open, ((({inside}), $close) | {rng.choice(self.closings)})"]
        order = rng.choice([None, None, forms[0], *forms])
        body: dict[str, Any] = {} if order is None else {"order": order}
        if order is not None:
            body |= {"abandons": [rng.choice([*self.closings, own[0]])]} if self._chance(0.3) else {}
            body |= {"within": 5} if self._chance(0.1) else {}
        if self._chance(0.4):
            used = [name for name in [*SERVER, "q", "w", "st"] if name not in self.pool]
            body["rules"] = self._rules(used, tops)
        elif self._chance(0.15):
            body["gap"] = 3
        if body:
            self.scopes["connection"] = body

    def _expression(self, names: list[str], depth: int = 0) -> str:
        rng = self.rng
        names = list(names)
        if depth == 0:
            rng.shuffle(names)
        if len(names) == 1:
            return names[0] + rng.choice(["", "", "", "?", "*", "+", "{2}", "{1,2}", "{2,}"])
        cut = rng.randint(1, len(names) - 1)
        sign = rng.choice([", ", ", ", ", ", " | ", " | ", " & "])
        left, right = self._expression(names[:cut], depth + 1), self._expression(names[cut:], depth + 1)
        return f"({left}{sign}{right})" + rng.choice(["", "", "", "", "?", "*", "+"])
