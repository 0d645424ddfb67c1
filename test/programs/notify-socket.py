# A service manager's end of sd_notify(3): binds the Unix datagram socket that it is given (@NAME: abstract), and prints each
# message as a line of JSON, with the sender that the kernel attests. It reads only while its stdin says so: a line on stdin
# lets it read one message, the word `all` lets it read for ever.
import json
import os
import socket
import struct
import sys

address = sys.argv[1]
name = "\0" + address[1:] if address.startswith("@") else address
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
manager.bind(name)
print(json.dumps({"listens": address}), flush=True)

size = struct.calcsize("3i")
pace = sys.stdin.readline().strip()
while pace:
    message, ancillary, _, _ = manager.recvmsg(8192, socket.CMSG_SPACE(size) + socket.CMSG_SPACE(64))
    sender = 0
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            sender = struct.unpack("3i", data[:size])[0]
        elif level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            # systemd-notify waits until its barrier is closed.
            for (fd,) in struct.iter_unpack("i", data):
                os.close(fd)
    print(json.dumps({"sender": sender, "text": message.decode()}), flush=True)
    if pace != "all":
        pace = sys.stdin.readline().strip()
