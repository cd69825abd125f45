"""Speed as ratios: a page of the portal against a bare Django view of the same rows.

``make bench`` runs it; ``docs/benchmarks.md`` keeps what came out, and on what machine.
"""
