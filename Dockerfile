# The image of web, worker and beat. Built from the locked requirements; nothing is fetched when it runs.
FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/fiprev

COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m pip install --require-hashes --no-deps -r requirements/runtime.txt

COPY . .
RUN python manage.py prepare --only files && rm -rf var && python -m compileall -q .
RUN useradd --system --home-dir /srv/fiprev --shell /usr/sbin/nologin fiprev \
 && mkdir -p /srv/media /srv/metrics /srv/beat \
 && chown fiprev /srv/media /srv/metrics /srv/beat

USER fiprev
ENV PRODUCTION=yes MEDIA_ROOT=/srv/media
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "fiprev.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--no-control-socket", "--access-logfile", "-"]
