"""Evaluates the formulas of `metrics.yaml` and recomputes their worked examples. Knows arithmetic and nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping

from coach.framework.schema import Metric

_TWO: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(formula: str, given: Mapping[str, float]) -> float:
    """The value of `+ - * / **`, brackets, numbers and names. Raises ValueError for anything else or a missing name."""
    try:
        tree = ast.parse(formula, mode="eval")
        return _value(tree.body, given)
    except (SyntaxError, ZeroDivisionError, OverflowError) as error:
        raise ValueError(f"{formula!r} cannot be worked out: {error}") from error


def _value(node: ast.expr, given: Mapping[str, float]) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _TWO:
        return _TWO[type(node.op)](_value(node.left, given), _value(node.right, given))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, given)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name):
        if node.id not in given:
            raise ValueError(f"nothing is given for {node.id!r}")
        return float(given[node.id])
    raise ValueError(f"{ast.unparse(node)!r} is not arithmetic")


def wrong_examples(metric: Metric) -> Iterator[str]:
    """What is wrong with the formula or the examples of a metric, in words."""
    try:
        names = {n.id for n in ast.walk(ast.parse(metric.formula, mode="eval")) if isinstance(n, ast.Name)}
    except SyntaxError:
        yield f"the formula {metric.formula!r} is not arithmetic."
        return
    if names != set(metric.quantities):
        yield f"the formula uses {sorted(names)}, `quantities` names {sorted(metric.quantities)}."
        return
    for example in metric.examples:
        try:
            value = evaluate(metric.formula, example.given)
        except ValueError as error:
            yield f"{error}."
            continue
        if round(value, example.digits) != round(example.result, example.digits):
            yield f"{dict(example.given)} gives {value:.6g}, not {example.result:g}."
