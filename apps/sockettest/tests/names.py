# SPDX-License-Identifier: Apache-2.0
"""The name server that the image asks, and the byte that tells it that there is one."""
import os
import socket

import dns

SECONDS = 200

listener = socket.socket(fileno=int(os.environ["AX_LISTENER"]))
listener.settimeout(SECONDS)
dns.serve(listener.getsockname()[0])
peer, _ = listener.accept()
peer.settimeout(SECONDS)
peer.sendall(b"!")
assert peer.recv(1) == b""           # it has asked all that it wants
