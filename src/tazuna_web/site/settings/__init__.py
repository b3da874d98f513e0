"""Settings: ``embedded`` (the demo), ``production``, ``testing``; what they share is in ``shared``."""
