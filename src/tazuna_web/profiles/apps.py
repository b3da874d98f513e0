from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "tazuna_web.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"
