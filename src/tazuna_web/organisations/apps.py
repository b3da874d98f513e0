from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "tazuna_web.organisations"
    label = "organisations"
    default_auto_field = "django.db.models.BigAutoField"
