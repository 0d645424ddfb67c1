#!/bin/sh
# Boots systemd as the first process of namespaces of its own, with the units in UNITS and no others:
#
#   boot-systemd.sh UNITS PROGRAM ETC CGROUP
#
# The folder PROGRAM holds a copy of our program, which is installed as in /usr/local; ETC takes the place of /etc/caddy. CGROUP is
# a cgroup v2 folder for it alone. Nothing of the machine is changed but that folder: mounts are private, and kernel settings can
# only be read.
set -e
if [ "$5" != inside ]; then
	echo $$ > "$4/cgroup.procs"
	exec unshare --cgroup --mount --uts --ipc --pid --fork --kill-child --mount-proc "$0" "$1" "$2" "$3" "$4" inside
fi
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount --bind "$3" /etc/caddy
# Copied, not mounted: PrivateTmp= hides what is in /tmp.
mount -t tmpfs -o mode=755 tmpfs /run
cp -r "$1" /run/units
cp -r "$2" /run/program
# The first folder of systemd's own path, and empty on most machines.
mount -t tmpfs -o mode=755 tmpfs /usr/local/sbin
ln -s /run/program/bin/caddy-supervisor.js /usr/local/sbin/caddy-supervisor
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin container=test SYSTEMD_UNIT_PATH=/run/units \
	/lib/systemd/systemd --system --unit=default.target --log-target=console --show-status=no
