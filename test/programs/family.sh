#!/bin/sh
# A process with relatives of every kind; their pids go to the folder $1, then the file "ready".
# child: same group. own-session: a session of its own. daemon: double-forked, a session of its own, adopted by init.
# bare: a session of its own and an empty environment.
folder=$1
sleep 86401 &
echo $! > "$folder/child"
setsid sh -c 'echo $$ > "$0/own-session"; exec sleep 86402' "$folder" &
(setsid sh -c 'echo $$ > "$0/daemon"; exec sleep 86403' "$folder" &)
while [ ! -s "$folder/own-session" ] || [ ! -s "$folder/daemon" ]; do sleep 0.01; done
echo $$ > "$folder/leader"
touch "$folder/ready"
if [ "$2" = end ]; then exit 0; fi
wait
