"""How fast the service is, measured against floors of the same machine, in turn, in one run.

`python -m benchmarks [NAME …]` starts a PostgreSQL and servers of its own on loopback, prints one table and removes
everything again. Rates count as ratios of one session only; what carries over to another machine is CPU time.
"""
