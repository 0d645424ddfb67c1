#!/bin/sh
# Writes numbered lines: count.sh NAME FROM TO [FD]; odd numbers to stdout, even ones to stderr when FD is "both".
name=$1 number=$2 last=$3
while [ "$number" -lt "$last" ]; do
  if [ "$4" = both ] && [ $((number % 2)) = 0 ]; then echo "$name $number" >&2; else echo "$name $number"; fi
  number=$((number + 1))
done
