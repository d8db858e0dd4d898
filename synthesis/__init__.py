"""From settings to a cloud assembly; what has been made of the same before is taken from there.

Each result is kept under a hash of all that it is made of: the definitions, which take the SageMaker SDK, what the
rules of CloudFormation had nothing against, and the assembly as a whole.
"""
