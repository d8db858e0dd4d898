"""The lines in a template are ones that people can read, and CloudFormation makes the bound definition of them."""

import pytest

from artefacts.assembly import Account, Templates
from pipeline_definition.placeholders import CODE_BUCKET, EXAMPLES, KEY_ARN, bind
from stacks.training.definition_body import join_lines

TEMPLATES = Templates({"stack": {"Resources": {}}}, Account("111122223333", "eu-west-1"))


@pytest.mark.parametrize("variant", ["dev", "prod", "dev.tuning", "prod.tuning"])
def test_joined_lines_are_the_bound_definition_byte_for_byte(definitions: dict[str, str], variant: str) -> None:
    definition = definitions[variant]
    assert TEMPLATES.resolve(join_lines(definition, EXAMPLES), "stack") == bind(definition, EXAMPLES)


def test_lines_without_a_placeholder_are_plain_and_others_have_just_their_own_variables() -> None:
    definition = '{\n  "Key": "${KeyArn}",\n  "Code": "${SplitCode} in ${CodeBucket}"\n}\n'
    values = {"${SplitCode}": "split.zip", KEY_ARN: {"Fn::GetAtt": ["Key", "Arn"]}, CODE_BUCKET: {"Ref": "Bucket"}}
    separator, lines = join_lines(definition, values)["Fn::Join"]
    assert separator == "\n"
    assert lines == [
        "{",
        {"Fn::Sub": ['  "Key": "${KeyArn}",', {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}]},
        {
            "Fn::Sub": [
                '  "Code": "${SplitCode} in ${CodeBucket}"',
                {"CodeBucket": {"Ref": "Bucket"}, "SplitCode": "split.zip"},
            ]
        },
        "}",
        "",
    ]
    assert list(lines[2]["Fn::Sub"][1]) == ["CodeBucket", "SplitCode"], "the order is fixed"


@pytest.mark.parametrize(
    "text", ["$.time", "{$}", "\\u2028\u2028\\n", "$${KeyArn}", "${KeyArn}$", "${KeyArn} $.time {}"]
)
def test_other_dollars_and_breaks_stay_as_they_are(text: str) -> None:
    key = EXAMPLES[KEY_ARN]
    assert TEMPLATES.resolve(join_lines(text, EXAMPLES), "stack") == text.replace(KEY_ARN, key)
