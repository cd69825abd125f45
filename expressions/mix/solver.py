"""The best set and the price of each constraint, by mixed-integer linear programming.

HiGHS (Huangfu and Hall, *Parallelizing the dual revised simplex method*, Mathematical Programming
Computation 10, 2018) solves it exactly by branch and bound: a set is given out only where the
solver has proved that no other is better.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import highspy
import numpy as np

from .problem import UNITS, Constraint, Problem

SECONDS = 60.0
# Of so many candidates the first guess at a best set is made.
CORE = 120
SHARE = 1e-6
INFINITE = highspy.kHighsInf


class NotProved(Exception):
    """The time ran out before the best set was proved to be the best."""


_ends: ContextVar[float] = ContextVar("ends", default=float("inf"))


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all solves inside take no longer together. They raise :exc:`NotProved` beyond it."""
    before = _ends.set(min(_ends.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _ends.reset(before)


@dataclass(frozen=True)
class Best:
    """``chosen``: ids by score, the highest first; ``score``: the sum of theirs."""

    chosen: tuple[int, ...]
    score: float


@dataclass(frozen=True)
class Row:
    """``lower`` <= the sum of ``weights`` over ``columns`` <= ``upper``."""

    columns: Sequence[int] | np.ndarray
    lower: float
    upper: float = INFINITE
    weights: Sequence[float] | np.ndarray | None = None


@dataclass(frozen=True)
class Column:
    """A whole number from 0 to ``upper`` and what each unit of it brings."""

    gain: float
    upper: float = 1.0


def maximise(
    columns: Sequence[Column], rows: Sequence[Row], seconds: float = SECONDS
) -> np.ndarray | None:
    """Whole numbers for ``columns`` that bring the most within ``rows``; ``None`` if none can be.

    The same question has the same answer: one thread, a fixed seed, no gap. Raises
    :exc:`NotProved` where ``seconds`` were too few.
    """
    if not columns:
        return np.zeros(0) if all(one.lower <= 0 <= one.upper for one in rows) else None
    solver = _solved(_model(columns, rows), seconds)
    return None if solver is None else np.rint(np.array(solver.getSolution().col_value))


@dataclass(frozen=True)
class Relaxed:
    """What may be had at most when places could be shared out in fractions.

    ``most``: that; ``shares``: the fractions; ``losses``: by column, how far ``most`` falls at
    least when that column leaves the whole number at which it stands (its reduced cost).
    """

    most: float
    shares: np.ndarray
    losses: np.ndarray


def relax(columns: Sequence[Column], rows: Sequence[Row]) -> Relaxed | None:
    """The linear relaxation of :func:`maximise`; ``None`` where even that has no answer."""
    model = _model(columns, rows)
    model.integrality_ = [highspy.HighsVarType.kContinuous] * len(columns)
    solver = _solved(model, SECONDS)
    if solver is None:
        return None
    solution = solver.getSolution()
    return Relaxed(
        solver.getInfo().objective_function_value,
        np.array(solution.col_value),
        np.abs(np.array(solution.col_dual)),
    )


def _solved(model: highspy.HighsLp, seconds: float) -> highspy.Highs | None:
    """The solver with its answer; ``None`` where there is none. Errors: :exc:`NotProved`.

    Simplifying the problem first makes it quick, and in HiGHS 1.16 has called a problem that has
    an answer infeasible, or failed. So no such word is taken from it before the whole problem has
    been tried as it is.
    """
    solver = _run(model, seconds, presolve="choose")
    status = solver.getModelStatus()
    if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit}:
        solver = _run(model, seconds, presolve="off")
        status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return solver
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    raise NotProved(solver.modelStatusToString(status))


def _run(model: highspy.HighsLp, seconds: float, presolve: str) -> highspy.Highs:
    left = min(seconds, _ends.get() - time.monotonic())
    if left <= 0:
        raise NotProved("no time left")
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("presolve", presolve),
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-6),
        ("mip_feasibility_tolerance", 1e-9),
        ("time_limit", left),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    return solver


def _model(columns: Sequence[Column], rows: Sequence[Row]) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.array([one.gain for one in columns], dtype=float)
    model.col_lower_ = np.zeros(len(columns))
    model.col_upper_ = np.array([one.upper for one in columns], dtype=float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    model.row_lower_ = np.array([one.lower for one in rows], dtype=float)
    model.row_upper_ = np.array([one.upper for one in rows], dtype=float)
    sizes = [len(one.columns) for one in rows]
    weights = [np.ones(len(one.columns)) if one.weights is None else one.weights for one in rows]
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    matrix.index_ = np.concatenate([np.asarray(one.columns, dtype=np.int32) for one in rows])
    matrix.value_ = np.concatenate([np.asarray(one, dtype=float) for one in weights])
    return model


class Matrix:
    """Which candidate counts for which constraint, once for many solves of like problems."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.covers = np.array(
            [[one.covers(each) for each in problem.candidates] for one in problem.constraints],
            dtype=bool,
        ).reshape(len(problem.constraints), len(problem.candidates))
        self.units = np.array([one.units for one in problem.candidates], dtype=np.int64)
        self.ids = np.array([one.id for one in problem.candidates], dtype=np.int64)

    def contenders(self, kept: Sequence[int], units: np.ndarray) -> np.ndarray:
        """The candidates who can be in a best set, in the order of the problem.

        Those who count for the same constraints can stand for one another, so of each such group
        only its best, as many as there are places, can be chosen (earlier ones at equal scores).
        """
        bits = np.packbits(self.covers[list(kept)].T, axis=1)
        if bits.shape[1] == 0:
            bits = np.zeros((len(self.ids), 1), dtype=np.uint8)
        _groups, group = np.unique(bits, axis=0, return_inverse=True)
        group = group.ravel()
        order = np.lexsort((self.ids, -units, group))
        first = np.searchsorted(group[order], group[order])
        rank = np.arange(len(order)) - first
        return np.sort(order[rank < self.problem.places])

    def rows(self, kept: Sequence[int], these: np.ndarray) -> list[Row]:
        """The places and the constraints of the numbers ``kept``, over the candidates ``these``."""
        places = float(self.problem.places)
        found = [Row(np.arange(len(these)), places, places)]
        for number in kept:
            one = self.problem.constraints[number]
            upper = INFINITE if one.upper is None else float(one.upper)
            found.append(Row(np.flatnonzero(self.covers[number][these]), float(one.lower), upper))
        return found

    def best(
        self,
        *,
        dropped: int | None = None,
        units: np.ndarray | None = None,
        settle: bool = False,
        beat: int | None = None,
    ) -> tuple[int, np.ndarray] | None:
        """(score in thousandths, numbers of the chosen candidates), or ``None`` if there is none.

        ``dropped``: the number of a constraint left out; ``units``: other scores than their own;
        ``settle``: of equally good sets the one of the smallest places in the order of candidates;
        ``beat``: only a higher score is wanted, ``None`` says that there is none.
        """
        kept = [one for one in range(len(self.problem.constraints)) if one != dropped]
        units = self.units if units is None else units
        these = self.contenders(kept, units)
        core = self._core(kept, these, units, beat)
        if core is None:
            return None
        these = core
        rows = self.rows(kept, these)
        gains = units[these].astype(float)
        found = maximise([Column(gain) for gain in gains], rows)
        if found is None:
            return None
        total = round(float(gains @ found))
        if settle:
            level = Row(np.arange(len(these)), total - 0.5, weights=gains)
            settled = maximise([Column(-float(one)) for one in these], [*rows, level])
            found = found if settled is None else settled
        return total, these[found > 0.5]

    def _core(
        self, kept: Sequence[int], these: np.ndarray, units: np.ndarray, beat: int | None
    ) -> np.ndarray | None:
        """Of ``these`` the ones of whom a best set can consist; ``None`` where there is no set.

        Reduced-cost fixing: first the best set of those that the relaxation likes most; then
        whoever would bring even the relaxation below that set can be in none as good.
        """
        if len(these) <= CORE:
            return these
        columns = [Column(gain) for gain in units[these].astype(float)]
        bound = relax(columns, self.rows(kept, these))
        if bound is None or (beat is not None and bound.most < beat + 0.5):
            return None
        if beat is not None and len(few := _as_good(these, bound, beat)) <= CORE:
            return few
        likely = np.sort(np.lexsort((bound.shares < SHARE, bound.losses))[:CORE])
        reached = beat
        found = maximise([columns[one] for one in likely], self.rows(kept, these[likely]))
        if found is not None:
            reached = max(round(float(units[these[likely]] @ found)), beat or 0)
        if reached is None:
            return these
        return _as_good(these, bound, reached)


def _as_good(these: np.ndarray, bound: Relaxed, reached: int) -> np.ndarray:
    """Those of ``these`` who can be in a set of ``reached`` or more, with a hair to spare."""
    kept: np.ndarray = these[(bound.shares > SHARE) | (bound.most - bound.losses > reached - 1.5)]
    return kept


def best_set(problem: Problem) -> Best | None:
    """The set with the most score that keeps all constraints; ``None`` if there is none.

    Of sets of equal score it is the one whose members stand earliest, by the sum of their places
    in the order of score and id, so that the same question always has the same answer.
    """
    matrix = Matrix(problem)
    found = matrix.best(settle=True)
    if found is None:
        return None
    total, chosen = found
    return Best(tuple(int(matrix.ids[one]) for one in chosen), total / UNITS)


def prices(problem: Problem, best: Best) -> dict[Constraint, float]:
    """By constraint, the points of total score gained if it alone were dropped.

    Each is solved anew and exactly. ``best``: what :func:`best_set` found for ``problem``.
    """
    matrix = Matrix(problem)
    units = round(best.score * UNITS)
    found = {}
    for number, constraint in enumerate(problem.constraints):
        without = matrix.best(dropped=number, beat=units)
        gained = 0 if without is None else max(without[0] - units, 0)
        found[constraint] = gained / UNITS
    return found
