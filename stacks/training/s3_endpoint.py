"""The way from a VPC to S3 that does not leave AWS's network."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from settings import Network


class S3Endpoint(Construct):
    """A gateway endpoint in the route tables of the jobs' subnets; without one, jobs in a VPC cannot read inputs."""

    def __init__(self, scope: Construct, id_: str, *, network: Network) -> None:
        super().__init__(scope, id_)
        self.endpoint = ec2.CfnVPCEndpoint(
            self,
            "Resource",
            vpc_id=network.vpc_id,
            route_table_ids=list(network.route_table_ids),
            service_name=f"com.amazonaws.{Stack.of(self).region}.s3",
            vpc_endpoint_type="Gateway",
        )
