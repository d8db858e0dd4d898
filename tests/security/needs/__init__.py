"""What the application needs to be allowed: derived from the definition and the templates, or told with its source."""

from tests.security.needs.application import needs_of
from tests.security.needs.need import Need

__all__ = ["Need", "needs_of"]
