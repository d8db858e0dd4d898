"""Names of steps, of their programs and outputs, and of files in those; the stacks know them from here, too.

The jobs' programs have options and files of the same names; `tests/pipeline_definition/test_names.py` compares them.
"""

FIND_CHAMPION_STEP = "EmpBonusFindChampion"
DATA_QUALITY_STEP = "EmpBonusDataQuality"
PREPROCESSING_STEP = "EmpBonusPreProcessing"
SPLIT_STEP = "EmpBonusDataSplit"
TRAINING_STEP = "EmpBonusTraining"
TUNING_STEP = "EmpBonusTuning"
EVALUATION_STEP = "EmpBonusEvaluation"
QUALITY_GATE_STEP = "EmpBonusQualityGate"
REGISTRATION_STEP = "EmpBonusRegisterModel"
REJECTION_STEP = "EmpBonusRejected"
SCORING_STEP = "EmpBonusScore"

DATA_QUALITY_JOB = "data_quality"
PREPROCESS_JOB = "preprocess"
SPLIT_JOB = "split"
EVALUATE_JOB = "evaluate"
SCORE_JOB = "score"
JOBS = (DATA_QUALITY_JOB, PREPROCESS_JOB, SPLIT_JOB, EVALUATE_JOB)
"""Modules of `processing.jobs` that make a model; each module gets an archive of its own."""
PREPARING_JOBS = (DATA_QUALITY_JOB, PREPROCESS_JOB, SPLIT_JOB)
"""Those that go through all rows: they run on the engine that the stage has for it."""

LIBRARIES = "libraries"
"""The input of a job in the Spark image that has what this image lacks."""
DATA_QUALITY = "data-quality"
CLEANED = "cleaned"
TRANSFORMED = "transformed"
REJECTED = "rejected"
FEATURE_MODEL = "feature-model"
TRAIN = "train"
VALIDATION = "validation"
TEST = "test"
READABLE_TEST = "readable-test"
EVALUATION = "evaluation"
SERVING = "serving"
PREDICTIONS = "predictions"

DATA_QUALITY_FILE = "data_quality.json"
EVALUATION_FILE = "evaluation.json"
CARD_FILE = "model_card.json"
SERVING_FILE = "model.tar.gz"
SAMPLE_FILE = "sample_payload.tar.gz"
SMOKE_TEST_FILE = "smoke_test.json"
"""The same request, with the prediction that an endpoint has to answer."""
MODEL_FILE = "output/model.tar.gz"
"""Below the name of a training job, in the folder of models."""

RAW_RECORDS = "raw-records"
"""The additional inference specification, whose container takes records as the raw data has them."""
RAW_CONTENT_TYPES = ("application/json", "application/jsonlines", "text/csv")
RAW_RESPONSE_TYPES = ("application/json", "application/jsonlines")
SERVING_MODULE = "inference.wsgi:application"
MODEL_VERSION_VARIABLE = "MODEL_VERSION"
"""What that container finds the name in that its answers give as the model's version."""
ANSWER_FIGURES_VARIABLE = "ANSWER_FIGURES"
"""Is `true` where its answers are to say what they were predicted from."""

DATA_VERSION = "DataVersion"
"""The parameter, and the metadata of a registered model."""
DATA_VERSION_VARIABLE = "DATA_VERSION"
"""What jobs that read the raw data have it in."""
INPUT_DATA = "InputData"
INPUT_FILE = "InputFile"
"""The parameter of the scoring pipeline that is added to `InputData`: from an event comes a key, and never a URI."""
