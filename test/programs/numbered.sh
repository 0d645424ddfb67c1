#!/bin/sh
# Writes lines "PID NUMBER ......" to stdout, for ever: numbered.sh FLAG. They are long, so that the last page of a file
# on a full disk is soon full, too. A line that could not be written is tried again with an end of line before it, so
# that a piece that did get through stays alone; the file FLAG says that this has happened.
number=1
dots=$(printf '%0250d' 0 | tr 0 .)
echo
while :; do
  until echo "$$ $number $dots"; do
    : > "$1"
    sleep 0.02
    echo
  done 2> /dev/null
  number=$((number + 1))
  sleep 0.02
done
