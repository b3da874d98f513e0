from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "tazuna_web.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"
