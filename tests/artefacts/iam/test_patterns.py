import pytest

from artefacts.iam.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("ab?", "abc", True),
        ("ab?", "ab", False),
        ("a[bc]", "ab", False),
        ("a[bc]", "a[bc]", True),
        ("a*", "a\nb", True),
        ("a", "a\n", False),
        ("*a" * 40, "a" * 400 + "b", False),
    ],
)
def test_stars_and_question_marks_are_all_that_is_special(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected
