"""`make aws-demo` goes on to its end."""

import re
import subprocess

from local_aws.demo.story import CHAPTERS

DEADLINE_S = 240.0


def test_the_story_is_told_from_the_beginning_to_the_end(story: "subprocess.Popen[str]") -> None:
    told, _ = story.communicate(timeout=DEADLINE_S)
    assert story.returncode == 0, told
    assert [int(number) for number in re.findall(r"^ *(\d+)/\d+ ", told, re.MULTILINE)] == [
        *range(1, len(CHAPTERS) + 1)
    ]
    assert "was PendingManualApproval, is Approved" in told
    assert "EmpBonusRejected" in told
    assert "is UPDATE_ROLLBACK_COMPLETE, the definition is the one from before" in told
