"""The way to integrator.io: the only client of its API and the only holder of its token."""
