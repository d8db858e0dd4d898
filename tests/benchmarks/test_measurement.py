"""A command is measured with all that it starts."""

import sys

import pytest

from benchmarks.measurement import Measurement, add, measure

HOLD_100_MB = "import time; held = bytearray(100 << 20)"
SPEND_CPU_TIME = "import time\nwhile time.process_time() < 0.2: pass"


def test_peak_is_that_of_the_largest_process_not_the_sum() -> None:
    two = f"import subprocess, sys\nfor _ in range(2): subprocess.run([sys.executable, '-IS', '-c', {HOLD_100_MB!r}])"
    assert 100 < measure([sys.executable, "-IS", "-c", two]).peak_mb < 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody takes in what loses its parent")
def test_process_time_of_what_loses_its_parent_counts() -> None:
    leave = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-IS', '-c', {SPEND_CPU_TIME!r}])"
    assert measure([sys.executable, "-IS", "-c", leave]).cpu_s > 0.2


def test_failure_of_the_command_is_passed_on_with_what_it_wrote() -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        measure([sys.executable, "-IS", "-c", "import sys; sys.exit('no such thing')"])


def test_commands_one_after_the_other_take_the_sum_of_times_and_the_largest_peak() -> None:
    assert add([Measurement(1, 2, 300), Measurement(4, 5, 200)]) == Measurement(5, 7, 300)
