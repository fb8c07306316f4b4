#!/bin/sh
# For Nagios, Icinga and the like: 0 OK, 2 CRITICAL where a copy is too old, 3 UNKNOWN where nobody could be asked.
#   check-age.sh staging 26h
mysql-sync status "$1" --max-age "$2" --no-input 2>&1
code=$?
case $code in
  0 | 2) exit $code ;;
  *) exit 3 ;;
esac
