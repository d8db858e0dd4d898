"""Watches the records that a model predicts: what was captured or scored is compared with what it was trained on."""
