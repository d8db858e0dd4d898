"""What a person does to a deployment by hand, beside the CDK."""
