"""What other applications may wait for."""

from django.dispatch import Signal

wave_closed = Signal()
"""Sent with ``wave`` inside the transaction that closes it: what it queues is queued exactly if it closes."""
