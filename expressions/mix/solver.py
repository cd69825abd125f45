"""The best set, exactly, as a mixed-integer linear programme solved by HiGHS.

One binary variable a candidate says whether it is chosen; each limit is one row. HiGHS is given no
optimality gap, so that what it calls optimal is the best there is (Huangfu and Hall,
*Parallelizing the dual revised simplex method*, 2018, and highs.dev).
"""

from collections.abc import Collection, Sequence

import highspy
import numpy as np

from .problem import Limit, Problem

# A planner that has not proved its set by then says so rather than keep somebody waiting.
SECONDS = 60.0


class TookTooLong(Exception):
    """No set was proved the best within the time allowed."""


def best_set(problem: Problem, *, without: Collection[Limit] = ()) -> tuple[int, ...] | None:
    """The ids of the set with the highest sum of scores, best first; ``None`` if there is none.

    ``without``: limits let go. The same problem gives the same set: candidates are taken in the
    order of score and id, and the solver runs on one thread with one seed.
    Errors: ``TookTooLong``.
    """
    candidates = sorted(problem.candidates, key=lambda one: (-one.points, one.id))
    limits = [limit for limit in problem.limits if limit not in without]
    rows = [
        (places, limit.least, limit.most)
        for limit in limits
        if (places := limit.coefficients(candidates)) or limit.least
    ]
    if any(least is not None and least > len(places) for places, least, _most in rows):
        return None
    found = maximise([float(one.points) for one in candidates], rows)
    if found is None:
        return None
    return tuple(one.id for one, taken in zip(candidates, found, strict=True) if taken)


Row = tuple[Sequence[int], int | None, int | None]


def maximise(
    worth: Sequence[float], rows: Sequence[Row], weights: Sequence[Sequence[float]] | None = None
) -> list[bool] | None:
    """Which of as many things as ``worth`` has entries to take, so that their worth is greatest.

    ``rows``: (places that count, how many at least, at most); ``weights``: what each of a row's
    places counts for, 1 unless given. ``None`` when the rows cannot all hold.
    Errors: ``TookTooLong``.
    """
    if not worth:
        return [] if all(not least for _places, least, _most in rows) else None
    solver = _solver()
    solver.passModel(_programme(worth, rows, weights))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise TookTooLong(solver.modelStatusToString(status))
    return [value > 0.5 for value in solver.getSolution().col_value]


def _solver() -> highspy.Highs:
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),  # below one grain of score: proved to the last thousandth
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", SECONDS),
    ):
        solver.setOptionValue(option, value)
    return solver


def _programme(
    worth: Sequence[float], rows: Sequence[Row], weights: Sequence[Sequence[float]] | None
) -> highspy.HighsLp:
    columns = len(worth)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = columns, len(rows)
    programme.sense_ = highspy.ObjSense.kMaximize
    programme.col_cost_ = np.array(worth)
    programme.col_lower_, programme.col_upper_ = np.zeros(columns), np.ones(columns)
    programme.integrality_ = [highspy.HighsVarType.kInteger] * columns
    infinity = highspy.kHighsInf
    programme.row_lower_ = np.array([-infinity if low is None else low for _p, low, _h in rows])
    programme.row_upper_ = np.array([infinity if high is None else high for _p, _l, high in rows])
    counted = [places for places, _low, _high in rows]
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = columns, len(rows)
    matrix.start_ = np.cumsum([0, *map(len, counted)])
    matrix.index_ = np.array([place for places in counted for place in places], dtype=np.int32)
    ones = [np.ones(len(places)) for places in counted]
    matrix.value_ = np.concatenate([np.array([]), *(ones if weights is None else weights)])
    return programme
