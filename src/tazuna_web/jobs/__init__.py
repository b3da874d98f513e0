"""Background work (ジョブ) that survives a killed worker: a lease with a heartbeat on every running task."""
