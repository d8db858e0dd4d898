"""What is kept of an execution: its record, the results that later ones may reuse, and faults of this program."""
