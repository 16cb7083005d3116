#!/bin/sh
# The owner of the tables, the application's role, and the database: run once, by the PostgreSQL image on an
# empty volume or by hand (docs/operations.md). The application's role owns nothing; `migrate` grants it what
# it needs.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$JOBFIRST_OWNER_PASSWORD" --set app_password="$JOBFIRST_APP_PASSWORD" <<'SQL'
CREATE ROLE jobfirst_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE jobfirst_app LOGIN PASSWORD :'app_password';
CREATE DATABASE jobfirst OWNER jobfirst_owner TEMPLATE template0
    ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'da-DK' LOCALE 'C.UTF-8';
REVOKE CONNECT, TEMPORARY ON DATABASE jobfirst FROM PUBLIC;
GRANT CONNECT ON DATABASE jobfirst TO jobfirst_app;
SQL
