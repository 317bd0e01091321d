#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: an owner for migrations, a role without DDL for the service.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE msj_owner LOGIN PASSWORD :'owner';
CREATE ROLE msj_app LOGIN PASSWORD :'app';
CREATE DATABASE msj OWNER msj_owner;
SQL
