"""Telling systemd how the service is doing (sd_notify): one datagram each time, nothing when nobody listens."""

import socket
import time


class Notifier:
    """Speaks to the socket that NOTIFY_SOCKET named; `watchdog` is how many seconds may pass between signs of life, 0 for any."""

    def __init__(self, address: str = "", watchdog: float = 0.0) -> None:
        self.address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog = watchdog if address else 0.0

    def ready(self, status: str) -> None:
        self._send("READY=1", f"STATUS={status}")

    def status(self, status: str) -> None:
        self._send(f"STATUS={status}")

    def reloading(self) -> None:
        """Begin a reload; `ready` ends it. systemd tells one from an older one by the time."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, status: str, seconds: float) -> None:
        """Begin the end, which may take so many seconds whatever the unit allows."""
        self._send("STOPPING=1", f"STATUS={status}", f"EXTEND_TIMEOUT_USEC={int(seconds * 1_000_000)}")

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if not self.address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            # A manager that is busy or gone must not hold up the site.
            out.setblocking(False)
            try:
                out.sendto("\n".join(lines).encode(), self.address)
            except OSError:
                return
