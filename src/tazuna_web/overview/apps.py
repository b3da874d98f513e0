from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "tazuna_web.overview"
    label = "overview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tazuna_web.overview.tasks import make_release
        from tazuna_web.surveys.models import Wave
        from tazuna_web.surveys.signals import wave_closed

        def queue_release(wave: Wave, **_: object) -> None:
            make_release.enqueue(wave.pk)

        wave_closed.connect(queue_release, weak=False, dispatch_uid="queue-release")
