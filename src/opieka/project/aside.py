"""What came in and could not be read, as the desk asks for it (`desk.seat.Intake`).

The intake stands beside the desk, not below it; the project, which stands above both, hands it over with the request.
"""

from opieka.inbound.commands import retry, retry_all
from opieka.inbound.queries import aside, count_aside, raw

__all__ = ["aside", "count_aside", "raw", "retry", "retry_all"]
