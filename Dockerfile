# The image of web, worker, beat and migrate. Python packages with their hashes checked, assets fetched,
# translations compiled and static files collected in stages that are thrown away.

FROM node:24.11.1-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only browser assets: the embedded PostgreSQL is for machines without containers.
RUN npm ci --ignore-scripts --omit=optional

FROM python:3.11.14-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
WORKDIR /app
COPY requirements-runtime.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements-runtime.lock
COPY . .
COPY --from=assets /app/node_modules node_modules
RUN python scripts/setup.py --only assets --only translations \
    && DJANGO_STATIC_ROOT=/app/staticfiles /venv/bin/python scripts/production_like.py collectstatic --noinput \
    && rm -rf node_modules tests bench .cache static/vendor

FROM python:3.11.14-slim-bookworm AS runtime
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin jobfirst \
    && install --directory --owner jobfirst --mode 0700 /data /mail
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/tmp \
    DJANGO_STATIC_FROM_SOURCE=false \
    DJANGO_STATIC_ROOT=/app/staticfiles \
    JOBFIRST_DATA_DIR=/data
USER jobfirst
EXPOSE 8000
CMD ["gunicorn", "jobfirst.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
