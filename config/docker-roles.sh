#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: an owner for migrations, a role without DDL for the service, and
# the two it takes for one transaction at a time (docs/adr/0010-row-security.md).
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE msj_owner LOGIN PASSWORD :'owner';
CREATE ROLE msj_app LOGIN PASSWORD :'app';
CREATE ROLE msj_worker NOLOGIN NOINHERIT;
CREATE ROLE msj_statistics NOLOGIN NOINHERIT;
GRANT msj_worker, msj_statistics TO msj_app WITH INHERIT FALSE, SET TRUE;
CREATE DATABASE msj OWNER msj_owner;
SQL
