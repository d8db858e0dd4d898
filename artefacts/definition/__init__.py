"""The language of SageMaker pipeline definitions: its references, its graph, its cache keys, and what it refuses."""
