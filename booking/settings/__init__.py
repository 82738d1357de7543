"""Every setting: its variable, its default, and what it accepts."""

from booking.settings.settings import MAX_BODY_BYTES as MAX_BODY_BYTES
from booking.settings.settings import MAX_EVENT_BYTES as MAX_EVENT_BYTES
from booking.settings.settings import PREFIX as PREFIX
from booking.settings.settings import Settings as Settings
from booking.settings.settings import SettingsError as SettingsError
from booking.settings.values import MailServer as MailServer
from booking.settings.values import Network as Network
from booking.settings.values import RateLimit as RateLimit
