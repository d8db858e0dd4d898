"""`make aws-demo` goes on to its end."""

import re
import subprocess

from local_aws.demo.walkthrough import CHAPTERS

DEADLINE_S = 240.0


def test_demo_runs_all_chapters_to_the_end(demo: "subprocess.Popen[str]") -> None:
    output, _ = demo.communicate(timeout=DEADLINE_S)
    assert demo.returncode == 0, output
    assert [int(number) for number in re.findall(r"^ *(\d+)/\d+ ", output, re.MULTILINE)] == [
        *range(1, len(CHAPTERS) + 1)
    ]
    assert "was PendingManualApproval, is Approved" in output
    assert "EmpBonusRejected" in output
    assert "is UPDATE_ROLLBACK_COMPLETE, the definition is the one from before" in output
