"""How a running command is told to stop: Ctrl-C and SIGTERM mean the same, and everything is put away in order."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOP_SIGNALS = signal.SIGINT, signal.SIGTERM


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Let SIGTERM act like Ctrl-C while nothing else listens for it."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def stopping_by(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` in the running loop for every signal to stop."""
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
            # The loop leaves the default behind, which would end the process before the database is put away.
            signal.signal(number, signal.default_int_handler)
