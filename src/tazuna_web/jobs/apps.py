from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tazuna_web.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_tasks.signals import task_finished, task_started

        from tazuna_web.jobs.leases import give_back, take

        def started(task_result: object, **_: object) -> None:
            take(task_result.id, task_result.worker_ids[-1])  # type: ignore[attr-defined]

        def finished(task_result: object, **_: object) -> None:
            give_back(task_result.id, task_result.worker_ids[-1])  # type: ignore[attr-defined]

        task_started.connect(started, weak=False, dispatch_uid="lease-taken")
        task_finished.connect(finished, weak=False, dispatch_uid="lease-given-back")
