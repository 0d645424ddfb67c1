#!/bin/sh
# Does what it is told through the named pipe $1: "exit N", "stubborn" (ignore signals from now on).
# Opening the pipe for reading and writing keeps it open between orders.
exec 3<> "$1"
while read -r order argument <&3; do
  case $order in
    exit) exit "$argument" ;;
    stubborn) trap '' INT TERM; echo done > "$2" ;;
  esac
done
