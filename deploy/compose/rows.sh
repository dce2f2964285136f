#!/bin/sh
# Waits for the first rows and prints some. Runs in Cassandra's image.
set -eu
query='SELECT program_name, user_id, user_type, user_locations FROM sunbird_programs.program_enrollment LIMIT 5'
for _ in $(seq 60); do
  rows=$(cqlsh cassandra --no-color -e "$query") && case $rows in
    *'(0 rows)'*) ;;
    *) echo "$rows" && exit 0 ;;
  esac
  sleep 2
done
echo 'no rows yet; see the log of the worker' >&2
exit 1
