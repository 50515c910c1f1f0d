"""The order expression, read: a table of trees, and one of sentences with their places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscheck.order.expression import (
    MAX_NESTING,
    Choice,
    Expression,
    Interleaving,
    Named,
    OrderError,
    Repetition,
    Sequence,
    names,
    parse,
)

# A text, and its tree: a name, (item, least, most), or an operator with its items.
TREES: list[tuple[str, Any]] = [
    ("a", "a"),
    (" \n a \t ", "a"),
    ("((a))", "a"),
    ("a?", ("a", 0, 1)),
    ("a*", ("a", 0, None)),
    ("a+", ("a", 1, None)),
    ("a {3}", ("a", 3, 3)),
    ("a{ 2 , }", ("a", 2, None)),
    ("a{0,}", ("a", 0, None)),
    ("a{0,1}", ("a", 0, 1)),
    ("a{2,5}", ("a", 2, 5)),
    ("(a?)?", (("a", 0, 1), 0, 1)),
    ("a, b, c", (",", "a", "b", "c")),
    ("a|b|c", ("|", "a", "b", "c")),
    ("a & b & c", ("&", "a", "b", "c")),
    ("a, (b, c)", (",", "a", (",", "b", "c"))),
    ("(a | b)*, c?", (",", (("|", "a", "b"), 0, None), ("c", 0, 1))),
    ("a, (b | (c & d))", (",", "a", ("|", "b", ("&", "c", "d")))),
    ("$open, status.busy, a-b/c:d@e, 7, ∞", (",", "$open", "status.busy", "a-b/c:d@e", "7", "∞")),
    ("a # the first, a | b\n, b#the last", (",", "a", "b")),
    ("# nothing but this\na", "a"),
]

# A text, the sentence, and the character it is found at.
REFUSALS = [
    ("", "a name or '(' is due at the end", 0),
    ("   # only a remark", "a name or '(' is due at the end", 18),
    ("a,", "a name or '(' is due at the end", 2),
    ("a, | b", "a name or '(' is due here, not '|'", 3),
    ("?", "a name or '(' is due here, not '?'", 0),
    ("()", "a name or '(' is due here, not ')'", 1),
    ("{2}", "a name or '(' is due here, not '{2}'", 0),
    ("a, b | c", "',' and '|' are mixed at one level: put one of them in parentheses", 5),
    ("(a & b, c), d", "'&' and ',' are mixed at one level: put one of them in parentheses", 6),
    ("a b", "'b' stands where the expression should have ended", 2),
    ("a)", "')' stands where the expression should have ended", 1),
    ("a?*", "'*' stands where the expression should have ended", 2),
    ("a{2}{3}", "'{3}' stands where the expression should have ended", 4),
    ("(a", "a parenthesis is not closed", 2),
    ("(a b)", "a parenthesis is not closed", 3),
    ("a{", "'{' cannot stand here", 1),
    ("a{,3}", "'{' cannot stand here", 1),
    ("a{-1}", "'{' cannot stand here", 1),
    ("a}", "'}' cannot stand here", 1),
    ("a{0}", "the repetition {0} holds no number of times", 1),
    ("a{0,0}", "the repetition {0,0} holds no number of times", 1),
    ("a{3,2}", "the repetition {3,2} holds no number of times", 1),
    ("a{1234567890123456789}", "the repetition {1234567890123456789} is too large", 1),
]


def shown(tree: Expression) -> Any:
    match tree:
        case Named(name=name):
            return name
        case Repetition(item=item, least=least, most=most):
            return (shown(item), least, most)
        case Sequence(items=items):
            return (",", *map(shown, items))
        case Choice(items=items):
            return ("|", *map(shown, items))
        case Interleaving(items=items):
            return ("&", *map(shown, items))


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_an_expression_is_read_as_its_tree(text: str, tree: Any) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize(("text", "message", "offset"), REFUSALS)
def test_a_broken_expression_is_told_in_one_sentence_with_its_place(text: str, message: str, offset: int) -> None:
    with pytest.raises(OrderError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.offset) == (message, offset)
    assert str(caught.value) == message


def test_parentheses_may_be_nested_so_deep_and_no_deeper() -> None:
    assert shown(parse("(" * MAX_NESTING + "a" + ")" * MAX_NESTING)) == "a"
    with pytest.raises(OrderError, match="more than 64 levels of parentheses") as caught:
        parse("(" * 100_000)
    assert caught.value.offset == MAX_NESTING + 1


def test_every_name_is_listed_left_to_right_with_its_place() -> None:
    tree = parse("a, (b | a)*, # c\n ((d & $close))?")
    assert [(named.name, named.offset) for named in names(tree)] == [
        ("a", 0),
        ("b", 4),
        ("a", 8),
        ("d", 20),
        ("$close", 24),
    ]


def read(text: str) -> Expression | OrderError:
    try:
        return parse(text)
    except OrderError as error:
        return error


@given(st.text("ab ,|&()?*+{}12#\n$."))
def test_any_text_is_a_tree_or_a_sentence_with_a_place_inside_it(text: str) -> None:
    tree = read(text)
    if isinstance(tree, OrderError):
        assert 0 <= tree.offset <= len(text)
        assert "\n" not in tree.message
    else:
        assert all(text.startswith(named.name, named.offset) for named in names(tree))
