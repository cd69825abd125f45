# One image for web, worker, beat and migrations; docker-compose.yml gives each its command.
# Python is of the version that the tests run on.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /app
COPY bin/portal/uv.lock.txt requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r uv.lock.txt \
    && python -m venv --without-pip /opt/venv \
    && uv pip sync --no-cache --require-hashes --python /opt/venv/bin/python requirements.lock
COPY . .
# These values serve this step only; none of them is in the finished image's environment.
RUN DJANGO_SETTINGS_MODULE=impact_portal.settings.production SECRET_KEY=build-step-only \
    ALLOWED_HOSTS=localhost STATIC_ROOT=/app/staticfiles \
    sh -c '/opt/venv/bin/python manage.py compile_translations \
        && /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0'

FROM ${PYTHON_IMAGE}
# Pango and a font, for reports in PDF.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home portal \
    && install -d -o portal -g portal /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
# The home is for caches of fonts and the like; compose mounts /tmp in memory.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=impact_portal.settings.production \
    MEDIA_ROOT=/data/media \
    STATIC_ROOT=/app/staticfiles
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "impact_portal.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
