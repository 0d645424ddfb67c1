#!/bin/sh
# Writes "PID NUMBER" lines to stdout, for ever: numbered.sh FLAG. A line that could not be written is tried again with
# an end of line before it, so that a piece that did get through stays alone; the file FLAG says that this has happened.
number=1
echo
while :; do
  until echo "$$ $number"; do
    : > "$1"
    sleep 0.02
    echo
  done 2> /dev/null
  number=$((number + 1))
  sleep 0.02
done
