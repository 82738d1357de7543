"""What every engine does: it finds, opens and ends events, and carries out the calls on each.

``box_office`` is for all events, ``registry`` for one. What can be asked of one event stands by who
asks: ``holders``, ``counter`` and ``door``; ``calls`` has the ground that they share.
"""

from booking.engines.contract.box_office import BoxOffice as BoxOffice
from booking.engines.contract.box_office import KeyName as KeyName
from booking.engines.contract.box_office import Put as Put
from booking.engines.contract.calls import Act as Act
from booking.engines.contract.calls import Booked as Booked
from booking.engines.contract.calls import Seats as Seats
from booking.engines.contract.holders import Choice as Choice
from booking.engines.contract.registry import Registry as Registry
