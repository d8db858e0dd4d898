"""What pipelines that use the champion have in common, and make no model: the one that scores, the one that watches."""
