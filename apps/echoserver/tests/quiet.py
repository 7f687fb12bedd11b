# SPDX-License-Identifier: Apache-2.0
"""What an image that waits for interrupts answers, and what it takes of this machine's processor when nobody asks."""
import os
import time
from pathlib import Path

from service import a_byte_comes_back, datagrams_come_back_at_every_length_fragments_too, hold, reset_amid_data

PAUSE_SECONDS, QUIET_SECONDS = 0.02, 1
MOST_OF_PROCESSOR = 0.2       # looking without end takes all of one


def processor_seconds():
    """Of the image's process: proc_pid_stat(5), fields 14 and 15."""
    fields = Path(f"/proc/{os.environ['AX_PROCESS']}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def connections_after_pauses_are_answered():
    for _ in range(50):
        time.sleep(PAUSE_SECONDS)
        a_byte_comes_back()


def peers_that_reset_or_vanish_leave_the_service_as_it_was():
    reset_amid_data(20)


def the_processor_is_left_alone_while_nobody_asks():
    taken, start = processor_seconds(), time.monotonic()
    time.sleep(QUIET_SECONDS)
    share = (processor_seconds() - taken) / (time.monotonic() - start)
    assert share < MOST_OF_PROCESSOR, f"{share:.0%} of a processor"


hold((a_byte_comes_back, connections_after_pauses_are_answered, datagrams_come_back_at_every_length_fragments_too,
      peers_that_reset_or_vanish_leave_the_service_as_it_was, the_processor_is_left_alone_while_nobody_asks))
