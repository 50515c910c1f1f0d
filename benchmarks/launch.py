"""One command on one core: what it cost. Small on purpose, for a child's peak memory counts that of what started it.

`python -I -S launch.py CORE OUTPUT COMMAND...` runs COMMAND, its standard output in the file OUTPUT, and prints JSON:
its processor and wall time in seconds, its peak resident memory in bytes and its exit code. CORE may be "any".
"""

import json
import os
import sys
import time


def main() -> None:
    """Run the command, and print what it cost."""
    core, output, *command = sys.argv[1:]
    if core != "any":
        os.sched_setaffinity(0, {int(core)})
    to_file = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    began = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[to_file])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): kibibytes everywhere else
    cost = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": wall,
        "peak": usage.ru_maxrss * unit,
        "code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
