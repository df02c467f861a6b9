"""The process that builds a manual, told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from lms.manuals import apart


def test_ctrl_c_ends_it_without_a_word() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", apart.__name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        while os.getpriority(os.PRIO_PROCESS, child.pid) < apart.PATIENCE:
            assert child.poll() is None
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _out, said = child.communicate(timeout=60)
    assert (child.returncode, said) == (-signal.SIGINT, b"")
