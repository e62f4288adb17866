"""The kernel ``kreisheft``: ipykernel as it is, in a forked child of a warm process.

For everything that speaks Jupyter's protocol: papermill, nbclient, nbval, Jupyter Book, JupyterLab.
They find it when ``JUPYTER_PATH`` has this folder. Where there is no warm process, ipykernel is
started as always.
"""

import os
import signal
import traceback
from collections.abc import Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kreisheft.engine import forked_process, warm


class ForkProvisioner(LocalProvisioner):
    """Jupyter's own provisioner, with another way to start; see ``kernels/kreisheft``."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork ipykernel; `cmd` is the command that would start it."""
        process = None
        if "ipykernel_launcher" in cmd:
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            cwd = str(kwargs.get("cwd") or Path.cwd())
            process = launch(arguments, cwd, kwargs.get("env") or os.environ)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        # It makes itself a group of its own, as a kernel started by Jupyter is.
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


class Process:
    """What Jupyter needs of `subprocess.Popen`, for a forked kernel."""

    stdin = stdout = stderr = None

    def __init__(self, started: Any, connection: Connection):
        self._handle = forked_process.Handle(started)
        # Held open: when it closes, the kernel ends.
        self._connection = connection
        self.pid = self._handle.pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended; None while it lives."""
        if self.returncode is None and self._handle.has_ended():
            self.returncode = self._handle.code()
            # What its cells started ends with it.
            self._connection.close()
            self._handle.close(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end; return how it ended."""
        if self.returncode is None:
            self._handle.has_ended(timeout)
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to what it started."""
        if self.poll() is None:
            self._handle.signal(number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def launch(arguments: list[str], cwd: str, environment: Mapping[str, str]) -> Process | None:
    """Start ipykernel with these arguments; None where that is not possible."""
    connection, other = Pipe()
    started = warm.fork(_serve, (other, cwd, dict(environment), arguments))
    other.close()
    if started is None:
        connection.close()
        return None
    return Process(started, connection)


def _serve(
    connection: Connection, cwd: str, environment: dict[str, str], arguments: list[str]
) -> None:
    stderr = 2
    try:
        forked_process.become_fresh(cwd, environment, connection)
        stderr = os.dup(2)
        forked_process.watch(connection)
        from ipykernel.kernelapp import IPKernelApp

        # 1: it needs not look after its parent, the pipe does that.
        app = IPKernelApp.instance(parent_handle=1)
        app.initialize(arguments)
        app.start()
    except BaseException:
        os.write(stderr, traceback.format_exc().encode())
        os._exit(1)
    forked_process.leave()
