"""Benchmarks: what the scaffolder costs beside Copier, in one run on one machine."""
