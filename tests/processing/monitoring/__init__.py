"""Tests of the monitoring job and of what it is made of."""
