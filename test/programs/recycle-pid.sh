# recycle-pid.sh NODE GUARD STATE-FILE, in a PID namespace: a process ends, another one gets its number, and the run that
# the first belonged to is swept.
setsid sleep 86400 &
leader=$!
start=$(awk '{ print $22 }' "/proc/$leader/stat")
printf '{"instance":"gone-1.1","processes":[{"pid":%s,"startTime":"%s"}]}' "$leader" "$start" > "$3"
kill -9 "$leader"
wait "$leader" 2> /dev/null
# The kernel counts start times in hundredths of a second.
sleep 0.1
echo "$((leader - 1))" > /proc/sys/kernel/ns_last_pid
setsid sleep 86400 &
bystander=$!
[ "$leader" = "$bystander" ] && echo "same number"
"$1" "$2" gone-1.1 "$3"
echo "the sweep is over"
kill -0 "$bystander" && echo "the bystander lives"
