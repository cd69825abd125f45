"""Asking two addresses in turns, and comparing their best rounds."""

import http.client
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """The best round's median, in milliseconds, of a page and of its floor."""

    page: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.page / self.floor


def best_medians(
    port: int, cookie: str, page: str, floor: str, *, rounds: int = 30, requests: int = 10
) -> Timing:
    """Ask ``page`` and ``floor`` in interleaved rounds on one kept-alive connection each.

    Best round, not mean: what else the machine does can only make a round slower.
    Errors: ``RuntimeError`` when an answer is not 200.
    """
    medians: dict[str, list[float]] = {page: [], floor: []}
    for address in medians:
        _median(port, cookie, address, 10)  # warm
    for _ in range(rounds):
        for address, found in medians.items():
            found.append(_median(port, cookie, address, requests))
    return Timing(min(medians[page]), min(medians[floor]))


def _median(port: int, cookie: str, address: str, requests: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    try:
        for _ in range(requests):
            begun = time.perf_counter()
            connection.request("GET", address, headers={"Cookie": cookie})
            response = connection.getresponse()
            response.read()
            taken.append((time.perf_counter() - begun) * 1_000)
            if response.status != 200:
                raise RuntimeError(f"{address} answered {response.status}")
    finally:
        connection.close()
    return statistics.median(taken)
