#!/bin/sh
# Run once by the image of PostgreSQL, on an empty volume: makes the database, its owner, who is no superuser, and the
# login that serves requests.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
CREATE ROLE studio LOGIN PASSWORD :'owner_password';
CREATE ROLE leaderboard_service LOGIN NOINHERIT PASSWORD :'service_password';
GRANT leaderboard_service TO studio;
CREATE DATABASE leaderboard OWNER studio ENCODING 'UTF8' TEMPLATE template0;
SQL
