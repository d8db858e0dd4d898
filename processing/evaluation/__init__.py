"""What is said of a trained model: its predictions, figures, champion and quality gate."""
