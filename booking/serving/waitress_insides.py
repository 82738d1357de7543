"""All that this room relies on inside waitress, beyond what its documentation promises.

Read this before you change the version of waitress. A test fails with :meth:`Inside.sentence` when
waitress no longer has one of these names.
"""

import inspect
from typing import Any, NamedTuple

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask


class Inside(NamedTuple):
    """Names of one class or module that are used together."""

    owner: Any
    names: tuple[str, ...]
    since: str
    """The first version of waitress that has all of them."""
    without: str
    """What breaks when one of them goes."""

    def missing(self) -> list[str]:
        """The names that the installed waitress no longer has."""
        return [name for name in self.names if not _has(self.owner, name)]

    def sentence(self) -> str:
        """What is missing and what it breaks, for whoever updates waitress."""
        gone = ", ".join(f"{self.owner.__name__}.{name}" for name in self.missing())
        return f"waitress no longer has {gone}, there since {self.since}. {self.without}"


def _has(owner: Any, name: str) -> bool:
    """Whether a class has an attribute, sets one when it is made, or takes one to be made."""
    made = [base.__init__ for base in getattr(owner, "__mro__", ()) if "__init__" in vars(base)]
    return hasattr(owner, name) or any(
        name in inspect.signature(init).parameters or name in init.__code__.co_names
        for init in made
        if inspect.isfunction(init)
    )


INSIDES = (
    Inside(
        Adjustments,
        ("send_bytes",),
        "0.1",
        "Each answer is then sent by the thread that made it: a fifth more processor time."
        " As an option, waitress has deprecated it; the attribute says the same without a warning.",
    ),
    Inside(
        TcpWSGIServer,
        ("map", "_sock", "adj", "sockinfo", "bind_socket", "socket"),
        "1.2.0",
        "The server cannot be made around a socket that listens already, so neither several"
        " processes nor Unix sockets work. create_server(sockets=…) makes a class of its own.",
    ),
    Inside(
        TcpWSGIServer,
        ("channel_class", "set_socket_options", "fix_addr", "getsockname", "family"),
        "0.8.4",
        "The server has no connections of our class, and does not understand a Unix socket.",
    ),
    Inside(
        TcpWSGIServer,
        ("_map", "_fileno", "pull_trigger", "readable", "maintenance", "adj"),
        "0.1",
        "Our loop cannot turn: no access log, no bound on what is unread, no quick wake-up.",
    ),
    Inside(
        HTTPChannel,
        ("_fileno", "service", "write_soon", "readable", "writable", "accepting"),
        "0.1",
        "Our loop does not learn of an answer, which waits until the client sends something else."
        " No name says this: only service() and write_soon() change, in another thread, what a"
        " connection wants.",
    ),
    Inside(
        HTTPChannel,
        ("handle_expt",),
        "0.1",
        "An urgent byte keeps the loop busy, and fills the log, until its client goes.",
    ),
    Inside(
        wasyncore,
        ("loop", "readwrite"),
        "1.2.0",
        "Our loop cannot tell a connection that it can read or write.",
    ),
    Inside(
        TcpWSGIServer,
        ("accepting", "active_channels", "task_dispatcher", "handle_accept", "del_channel"),
        "0.1",
        "The service cannot stop without leaving requests unanswered.",
    ),
    Inside(
        ThreadedTaskDispatcher,
        ("shutdown",),
        "0.1",
        "The threads are not given time to finish when the service stops.",
    ),
    Inside(
        ThreadedTaskDispatcher,
        ("set_thread_count", "add_task"),
        "0.1",
        "Nobody learns whether the service is well while all its threads wait for the database.",
    ),
    Inside(
        ThreadedTaskDispatcher,
        ("active_count", "queue"),
        "1.3.0",
        "The metrics do not say how busy the threads are.",
    ),
    Inside(
        TcpWSGIServer,
        ("add_task",),
        "0.1",
        "Nobody learns whether the service is well while all its threads wait for the database.",
    ),
    Inside(
        HTTPChannel,
        ("received", "creation_time", "last_activity", "request", "requests"),
        "0.3",
        "Clients that drip a request for ever keep everybody else out.",
    ),
    Inside(
        HTTPRequestParser,
        ("headers_finished",),
        "0.1",
        "Clients that drip a request for ever keep everybody else out.",
    ),
    Inside(
        HTTPChannel,
        ("parser_class", "task_class", "error_task_class"),
        "0.1",
        "The checks of the request's head, the access log and our refusals are not called.",
    ),
    Inside(
        HTTPChannel,
        ("handle_write", "handle_read", "handle_close", "recv", "socket", "_flush_some"),
        "0.1",
        "After a refusal the connection is reset before the client has read the answer.",
    ),
    Inside(
        HTTPChannel,
        ("_flush_exception",),
        "2.1.0",
        "An error while a refusal is sent ends the server's loop.",
    ),
    Inside(
        HTTPChannel,
        ("writable", "requests", "total_outbufs_len", "will_close", "close_when_flushed"),
        "0.8",
        "The loop spins while an answer is being made, and connections close too early.",
    ),
    Inside(
        HTTPChannel,
        ("outbufs", "last_activity", "total_outbufs_len"),
        "0.8",
        "What clients do not read is no longer bounded: they can fill the memory.",
    ),
    Inside(
        ReadOnlyFileBasedBuffer,
        ("file",),
        "0.8",
        "A body that many connections wait for is counted once for each of them.",
    ),
    Inside(
        HTTPChannel,
        ("request", "send_continue", "addr", "server", "adj"),
        "2.0.0",
        "A request with “Expect: 100-continue” and no body is never answered.",
    ),
    Inside(
        HTTPRequestParser,
        ("received", "parse_header", "header_plus", "error", "adj"),
        "0.1",
        "Requests are parsed unchecked: some cost seconds, some are read in two ways.",
    ),
    Inside(
        HTTPRequestParser,
        ("headers", "version", "connection_close", "chunked", "body_rcv", "completed"),
        "0.1",
        "A request that a proxy may read differently is not recognised.",
    ),
    Inside(
        HTTPRequestParser,
        ("expect_continue",),
        "0.1",
        "A request with “Expect: 100-continue” and no body is never answered.",
    ),
    Inside(
        ChunkedReceiver,
        ("getbuf", "getfile", "received", "completed", "error", "__len__"),
        "0.8",
        "ChunkedBody no longer stands in for the class that the parser uses.",
    ),
    Inside(
        Task,
        ("service", "start", "status", "version", "start_time", "complete", "request", "channel"),
        "0.1",
        "There is no access log.",
    ),
    Inside(
        Task,
        ("build_response_header", "response_headers"),
        "0.1",
        "No answer has the id of its request.",
    ),
    Inside(
        Task,
        ("content_length", "has_body", "version"),
        "0.9.0",
        "Nobody can tell whether an answer has the usual head, which we write ourselves.",
    ),
    Inside(WSGITask, ("get_environment",), "0.1", "No request has an id."),
    Inside(WSGITask, ("environ",), "0.1", "The access log has the proxy's address for a client's."),
    Inside(
        Task,
        ("set_close_on_finish",),
        "3.0.0",
        "A connection closes after each answer without a body.",
    ),
    Inside(
        ErrorTask,
        ("execute", "response_headers", "content_length", "write"),
        "0.1",
        "Refusals are plain text instead of problem documents.",
    ),
)
