#!/bin/sh
# For cron, which sends what is printed by mail: nothing when all went well.
#   15 2 * * *  /opt/refresh-staging/cron.sh
# Beside it: refresh-staging.yaml, and secrets.env (mode 0600) with lines such as  export PROD_PASSWORD='...'
cd "$(dirname "$0")" || exit 1
. ./secrets.env

mysql-sync apply refresh-staging.yaml --no-input --quiet --confirm-target staging > refresh-staging.log
status=$?
case $status in
  0) ;;
  8) echo 'another run works on staging; this one did nothing' ;;
  *) cat refresh-staging.log && echo "refreshing staging ended with exit code $status" ;;
esac
exit $status
