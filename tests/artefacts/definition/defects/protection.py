"""Keys and isolation."""

from tests.artefacts.definition.defects.defect import Definition, arguments, defect, parameter


@defect("EmpBonusDataSplit.Arguments.ProcessingResources.ClusterConfig", "no VolumeKmsKeyId")
def no_key_on_a_volume(d: Definition) -> None:
    del arguments(d, "DataSplit")["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"]


@defect("EmpBonusEvaluation.Arguments.ProcessingOutputConfig", "no KmsKeyId: name the key that encrypts the outputs")
def no_key_on_outputs(d: Definition) -> None:
    del arguments(d, "Evaluation")["ProcessingOutputConfig"]["KmsKeyId"]


@defect("EmpBonusTraining.Arguments.OutputDataConfig", "no KmsKeyId: name the key that encrypts the outputs")
def no_key_on_a_model(d: Definition) -> None:
    del arguments(d, "Training")["OutputDataConfig"]["KmsKeyId"]


@defect("EmpBonusTraining.Arguments.ResourceConfig.InstanceType", "ml.g5.xlarge has a disk of its own")
def instance_with_a_disk_of_its_own(d: Definition) -> None:
    arguments(d, "Training")["ResourceConfig"]["InstanceType"] = "ml.g5.xlarge"
    d["Parameters"] = [each for each in d["Parameters"] if each["Name"] != "TrainingInstanceType"]


@defect("EmpBonusPreProcessing.Arguments.ProcessingResources.ClusterConfig.InstanceType", "ml.m5d.large has a disk")
def a_choice_with_a_disk_of_its_own(d: Definition) -> None:
    parameter(d, "ProcessingInstanceType")["EnumValues"].append("ml.m5d.large")


@defect("EmpBonusTraining.Arguments.ResourceConfig.InstanceType", "may be any type, also one whose disk takes no key")
def any_instance_type(d: Definition) -> None:
    del parameter(d, "TrainingInstanceType")["EnumValues"]


@defect("EmpBonusDataQuality.Arguments.NetworkConfig", "EnableNetworkIsolation is False: set it to true")
def a_job_with_a_network(d: Definition) -> None:
    arguments(d, "DataQuality")["NetworkConfig"]["EnableNetworkIsolation"] = False


@defect("EmpBonusTraining.Arguments", "EnableNetworkIsolation is None: set it to true")
def training_with_a_network(d: Definition) -> None:
    del arguments(d, "Training")["EnableNetworkIsolation"]


@defect("EmpBonusPreProcessing.Arguments.NetworkConfig", "EnableInterContainerTrafficEncryption is None")
def instances_that_talk_in_the_clear(d: Definition) -> None:
    del arguments(d, "PreProcessing")["NetworkConfig"]["EnableInterContainerTrafficEncryption"]
