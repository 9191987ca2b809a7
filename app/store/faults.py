"""What can go wrong with the database, in words for an operator."""


class StoreFault(Exception):
    """The database cannot be used. The text says why and what to do; it holds no value."""


class Clash(Exception):
    """A row cannot stand beside one that is there: somebody else was first. Nothing was changed."""
