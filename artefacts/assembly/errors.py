"""How a cloud assembly can be unusable."""


class AssemblyError(Exception):
    """The assembly has not what is asked of it, or says it in a form that is not read: what was found, the remedy."""
