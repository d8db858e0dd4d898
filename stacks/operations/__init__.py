"""What people need to run the pipeline: notifications, alarms, a dashboard."""
