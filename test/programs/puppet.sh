#!/bin/sh
# Does what it is told through the named pipe $1: "exit N", "stubborn" (ignore signals from now on), "flood N" (write
# numbered lines, more than a pipe and its reader hold). Writes to $2 what it has done.
# Opening the pipe for reading and writing keeps it open between orders.
exec 3<> "$1"
while read -r order argument <&3; do
  case $order in
    exit) exit "$argument" ;;
    stubborn) trap '' INT TERM; echo stubborn > "$2" ;;
    flood)
      echo flooding > "$2"
      line=0
      while [ $line -lt 160 ]; do
        printf '%d %d %04000d\n' "$argument" "$line" 0
        line=$((line + 1))
      done
      echo flooded > "$2"
      ;;
  esac
done
