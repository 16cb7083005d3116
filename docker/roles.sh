#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the owner of the tables, the application's role, and
# the database. The application's role owns nothing; `migrate` grants it what it needs.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$JOBFIRST_OWNER_PASSWORD" --set app_password="$JOBFIRST_APP_PASSWORD" <<'SQL'
CREATE ROLE jobfirst_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE jobfirst_app LOGIN PASSWORD :'app_password';
CREATE DATABASE jobfirst OWNER jobfirst_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE jobfirst FROM PUBLIC;
GRANT CONNECT ON DATABASE jobfirst TO jobfirst_app;
SQL
