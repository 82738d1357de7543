"""What we rely on inside waitress is there, and is written down."""

import pytest
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import Task

from booking.serving import channel, tasks, wsgi_server
from booking.serving.waitress_insides import INSIDES, Inside

OURS = (
    (channel.Channel, HTTPChannel),
    (channel._Parser, HTTPRequestParser),
    (tasks._Logged, Task),
    (tasks.AppTask, Task),
    (tasks.RefusalTask, Task),
    (wsgi_server.Server, TcpWSGIServer),
)
# Every class has these, whatever it is derived from.
_OF_PYTHON = {"__init__", "__module__", "__doc__", "__annotations__", "__qualname__"}


@pytest.mark.parametrize("inside", INSIDES, ids=lambda each: f"{each.owner.__name__}-{each.names}")
def test_waitress_has_what_we_rely_on(inside: Inside) -> None:
    assert not inside.missing(), inside.sentence()


def test_what_is_missing_is_told_with_what_it_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(HTTPChannel, "task_class")
    inside = next(each for each in INSIDES if "task_class" in each.names)
    assert inside.sentence() == (
        "waitress no longer has HTTPChannel.task_class, there since 0.1. The checks of the"
        " request's head, the access log and our refusals are not called."
    )


@pytest.mark.parametrize(("ours", "theirs"), OURS, ids=lambda each: each.__name__)
def test_what_we_override_in_waitress_is_on_the_list(ours: type, theirs: type) -> None:
    classes = [each for each in INSIDES if isinstance(each.owner, type)]
    known = {name for each in classes if issubclass(ours, each.owner) for name in each.names}
    overridden = {name for name in vars(ours) if hasattr(theirs, name)} - _OF_PYTHON
    # run() is how anybody starts a server of waitress.
    assert overridden - {"run"} <= known
