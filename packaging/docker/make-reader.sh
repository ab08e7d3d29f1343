#!/bin/sh
# Runs once, in the ClickHouse container: the user that Grafana reads with. `readonly = 2` because Grafana sends settings.
set -eu
clickhouse client --query "CREATE DATABASE IF NOT EXISTS certglass"
clickhouse client --query "CREATE USER IF NOT EXISTS reader IDENTIFIED BY '$READER_PASSWORD' SETTINGS readonly = 2, max_execution_time = 30, max_memory_usage = 1000000000"
clickhouse client --query "GRANT SELECT ON certglass.* TO reader"
