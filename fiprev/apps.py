from django.apps import AppConfig


class FiprevConfig(AppConfig):
    name = "fiprev"

    def ready(self) -> None:
        from fiprev import celery, checks

        celery.app.set_default()  # so that `.delay()` of any process finds our broker
        checks.register_all()
