"""Keyhatch: an embeddable credential form for products that integrate through integrator.io."""

__version__ = "0.1.0"
