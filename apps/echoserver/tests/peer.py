# SPDX-License-Identifier: Apache-2.0
"""What a Linux peer of the echo service sees: each check is a sentence; the first that does not hold ends it."""
import random
import socket
import struct
import threading

from service import (HOST, a_byte_comes_back, connect, datagrams_come_back_at_every_length_fragments_too, echoes, hold, receive,
                     reset_amid_data)


def megabytes_come_back_equal_while_both_sides_send():
    data = random.Random(1).randbytes(4 << 20)
    with connect() as peer:
        sender = threading.Thread(target=peer.sendall, args=(data,))
        sender.start()
        assert receive(peer, len(data)) == data
        sender.join()


def after_half_a_close_the_rest_still_comes_back():
    data = random.Random(2).randbytes(300_000)
    with connect() as peer:
        sender = threading.Thread(target=lambda: (peer.sendall(data), peer.shutdown(socket.SHUT_WR)))
        sender.start()
        assert receive(peer, len(data) + 1) == data
        sender.join()


def many_connections_at_once_do_not_mix():
    peers = [connect() for _ in range(60)]
    for number, peer in enumerate(peers):
        peer.sendall(struct.pack("I", number) * 1000)
    for number, peer in enumerate(peers):
        assert receive(peer, 4000) == struct.pack("I", number) * 1000
        peer.close()


def short_connections_are_served_and_one_address_may_be_used_again_at_once():
    for number in range(300):
        echoes(b"%d" % number)


def peers_that_reset_or_vanish_leave_the_service_as_it_was():
    reset_amid_data(50)


def a_peer_that_reads_nothing_does_not_keep_others_waiting():
    with connect() as idle:
        idle.setblocking(False)
        try:
            for _ in range(1000):
                idle.send(b"z" * 65536)
        except BlockingIOError:
            pass
        a_byte_comes_back()


def a_port_nobody_listens_at_refuses():
    try:
        socket.create_connection((HOST, 9), timeout=20)
        assert False
    except ConnectionRefusedError:
        pass


hold((a_byte_comes_back, megabytes_come_back_equal_while_both_sides_send, after_half_a_close_the_rest_still_comes_back,
      many_connections_at_once_do_not_mix, short_connections_are_served_and_one_address_may_be_used_again_at_once,
      peers_that_reset_or_vanish_leave_the_service_as_it_was, a_peer_that_reads_nothing_does_not_keep_others_waiting,
      datagrams_come_back_at_every_length_fragments_too, a_port_nobody_listens_at_refuses))
