#!/bin/sh
# Runs once, when the database is made: the owner of the tables, and the application, which may not change ledgers.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
create role ritorno_owner login password :'owner_password';
create role ritorno login password :'app_password';
create database ritorno owner ritorno_owner template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
SQL
