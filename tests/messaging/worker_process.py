"""The workers that the kill tests start and kill: the real relay, queue and jobs, and nothing else on their tables.

Started once, it has everything imported; each line it reads makes it fork one more worker and print its process id, so
that a restart takes milliseconds and a test may afford many deaths.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta

from ritorno.imports import jobs as imports
from ritorno.kit.config import Settings
from ritorno.messaging.jobs import deliver_due
from ritorno.touches import jobs as touches
from ritorno.worker.main import BackgroundWorker
from ritorno.worker.schedule import Sweep


def work() -> None:
    worker = BackgroundWorker(
        Settings.load(),
        reactions={
            "messages.queued": (deliver_due,),
            "touch.opened": (touches.plan,),
            "import.application_asked": (imports.apply,),
            "import.undo_asked": (imports.undo,),
        },
        schedule=(),
        sweeps=(Sweep(deliver_due, timedelta(seconds=0.5)),),
    )
    asyncio.run(worker.run())


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            # The pipe that carries process ids is the parent's alone.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            work()
            os._exit(0)
        print(child, flush=True)
