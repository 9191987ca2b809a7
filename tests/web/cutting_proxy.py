"""A proxy that cuts a connection which got no answer in time, as balancers do after 30 s."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cutting_proxy(port: int, patience: float) -> Iterator[int]:
    """Pass connections on to 127.0.0.1:`port`; yields the port to use instead."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, port, patience), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])


def _accept(listener: socket.socket, port: int, patience: float) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = socket.create_connection(("127.0.0.1", port))
        # Silence of the server for longer than that ends both ends, whatever it is doing.
        far.settimeout(patience)
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            end.close()
