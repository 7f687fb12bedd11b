# SPDX-License-Identifier: Apache-2.0
"""The network of a run: a TAP device that is made and removed, QEMU's user networking, forwarded ports, recorded packets.

	with net.prepare(wanted, kind, device) as prepared:
	    ... prepared.environment is the image's, prepared.words are QEMU's ...

A TAP device is a cable from the image to this machine: one end is the image's interface, the other one of this machine's,
with the address that is the image's gateway. Making one needs root; `--tap NAME` uses one that exists. Without root QEMU's user
networking serves (--net user), which an image that is a process does not have. A port H:G is forwarded by QEMU, or, over a
TAP device, by a relay here, from 127.0.0.1:H.
"""
import contextlib
import fcntl
import ipaddress
import os
import selectors
import signal
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from .errors import AxError

TUN = "/dev/net/tun"
TUNSETIFF, TUNSETPERSIST = 0x400454CA, 0x400454CB          # linux/if_tun.h
IFF_TAP, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x0100, 0x1000, 0x4000
QUEUE_PAIRS = 4                                            # of a card with `mq=on`
SIOCSIFADDR, SIOCSIFNETMASK, SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8916, 0x891C, 0x8913, 0x8914  # linux/sockios.h
IFF_UP = 1
ETH_P_ALL = 3
OF = "ashlar, process "                                        # a device's alias: who has made it

USER = {"AX_IP": "10.0.2.15/24", "AX_GATEWAY": "10.0.2.2", "AX_DNS": "10.0.2.3"}  # of QEMU's user networking


@dataclass
class Wanted:
    """What a user may say of the network."""
    net: str | None = None     # None: none, "user", "tap"
    tap: str | None = None
    ip: str | None = None      # "A.B.C.D/N" or "dhcp"
    gw: str | None = None
    dns: str | None = None
    ports: list = field(default_factory=list)   # (host, image)
    pcap: str | None = None
    nic: str | None = None     # QEMU's -device; None: the platform's own

    def __bool__(self):
        return bool(self.net)


@dataclass
class Prepared:
    environment: dict = field(default_factory=dict)
    words: list = field(default_factory=list)
    address: str | None = None   # of the image, as this machine reaches it
    notice: str = ""             # what its user may want to know
    files: tuple = ()            # descriptors that a process inherits


NONE = Prepared()


def wanted_of(options, kind):
    """From the command line. Whoever names anything of the network wants one."""
    ports = [parse_port(text) for text in options.port]
    net = options.net or ("tap" if options.tap or options.ip else None)
    if not net and (ports or options.pcap):
        net = "tap" if kind == "process" else "user"
    if net == "user" and kind == "process":
        raise AxError("an image that is a process has no user networking", "--net user",
                      "use --net tap (as root), with --port as well, or run it in QEMU")
    if net != "tap" and (options.tap or options.gw):
        raise AxError("belongs to --net tap", "--tap" if options.tap else "--gw")
    if options.nic and (kind == "process" or not net):
        raise AxError("belongs to a network in QEMU", "--nic", "add --net user" if kind != "process" else None)
    if options.ip and options.ip != "dhcp":
        parse_network(options.ip)
    return Wanted(net, options.tap, options.ip, options.gw, options.dns, ports, options.pcap, options.nic)


def parse_port(text):
    try:
        host, image = (int(part) for part in text.split(":"))
        if not (0 < host < 65536 and 0 < image < 65536):
            raise ValueError
        return host, image
    except ValueError:
        raise AxError("not of the form HOST:IMAGE, two port numbers", f"--port {text}") from None


def parse_network(text):
    try:
        if "/" not in text:
            raise ValueError
        return ipaddress.IPv4Interface(text)
    except ValueError:
        raise AxError("not of the form A.B.C.D/N", f"--ip {text}") from None


@contextlib.contextmanager
def prepare(wanted, kind, device):
    """@device: QEMU's -device for the platform's network card."""
    prepared = Prepared()
    with contextlib.ExitStack() as stack:
        if wanted.net == "tap":
            prepare_tap(wanted, kind, device, prepared, stack)
        elif wanted.net == "user":
            prepare_user(wanted, device, prepared)
        yield prepared


def need_card(device):
    if not device:
        raise AxError("the platform has no network card", "--net")


def need_writable(path):
    try:
        open(path, "wb").close()
    except OSError as error:
        raise AxError(f"{path}: {error.strerror}", "--pcap") from None


def need_free(port):
    """Of this machine: said in our words, before QEMU says it in its own."""
    with listener(port):
        pass


def need_tap(name, queues):
    """QEMU would make one that is missing, and it would lead nowhere."""
    if not os.path.exists(f"/sys/class/net/{name}/tun_flags"):
        raise AxError("there is no such TAP device", f"--tap {name}",
                      f"`ip tuntap add dev {name} mode tap` makes one; --net tap makes one for the run")
    if bool(queues_of(name)) != (queues > 1):
        raise AxError(f"the device has {'one queue' if queues > 1 else 'several queues'}, and the image "
                      f"{'several' if queues > 1 else 'one'}", f"--tap {name}")


def prepare_user(wanted, device, prepared):
    need_card(device)
    for host, _ in wanted.ports:
        need_free(host)
    forwards = "".join(f",hostfwd=tcp:127.0.0.1:{host}-:{image}" for host, image in wanted.ports)
    prepared.words = ["-netdev", f"user,id=net0{forwards}", "-device", f"{device},netdev=net0"]
    prepared.environment = {} if wanted.ip == "dhcp" else dict(USER)
    if wanted.ip and wanted.ip != "dhcp":
        prepared.environment["AX_IP"] = wanted.ip
    if wanted.dns:
        prepared.environment["AX_DNS"] = wanted.dns
    if wanted.pcap:
        need_writable(wanted.pcap)
        prepared.words += ["-object", f"filter-dump,id=dump0,netdev=net0,file={wanted.pcap.replace(',', ',,')}"]
    prepared.address = "127.0.0.1"


def prepare_tap(wanted, kind, device, prepared, stack):
    if kind != "process":
        need_card(device)
    name, address, gateway = wanted.tap, wanted.ip, wanted.gw
    queues = QUEUE_PAIRS if kind != "process" and "mq=on" in device.split(",") else 1
    if not name:
        if address == "dhcp":
            raise AxError("nobody answers DHCP on a TAP device that is made for the run", "--ip dhcp", "--tap NAME uses yours")
        made = stack.enter_context(made_tap(address and parse_network(address), gateway, queues > 1))
        name, address, gateway = made.name, made.image, made.host
        prepared.notice = f"{name}: the image is {address}, this machine {gateway}"
    else:
        need_tap(name, queues)
    if kind == "process":
        prepared.environment["AX_TAP"] = name
    else:
        prepared.words = ["-netdev", f"tap,id=net0,ifname={name},script=no,downscript=no,queues={queues}",
                          "-device", f"{device},netdev=net0"]
    for key, value in (("AX_IP", address if address != "dhcp" else None), ("AX_GATEWAY", gateway), ("AX_DNS", wanted.dns)):
        if value:
            prepared.environment[key] = value
    prepared.address = address.split("/")[0] if address and address != "dhcp" else None
    if wanted.ports:
        if not prepared.address:
            raise AxError("needs to know the image's address", "--port", "add --ip A.B.C.D/N")
        for host, image in wanted.ports:
            stack.enter_context(Relay(host, (prepared.address, image)))
    if wanted.pcap:      # not by QEMU, which before its version 8 writes its virtio headers in front of the frames
        stack.enter_context(Recorder(name, wanted.pcap))


# ------------------------------------------------------------------------------------------------------ TAP devices

@dataclass
class Tap:
    name: str
    image: str    # A.B.C.D/N
    host: str     # A.B.C.D


def interface_request(name, *rest):
    return struct.pack("16s", name.encode()) + b"".join(rest).ljust(24, b"\0")


def socket_address(ip):
    return struct.pack("HH4s", socket.AF_INET, 0, ipaddress.IPv4Address(ip).packed)


def can_make_tap():
    return os.geteuid() == 0 and os.path.exists(TUN)


@contextlib.contextmanager
def undisturbed():
    """What asks us to end comes at the end of the block: in between something would be left lying about."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def made_tap(network=None, gateway=None, several_queues=False):
    """A TAP device of our own, with an address on this machine's side; gone at the end. If we are killed, it is until the
    next one is made."""
    if not can_make_tap():
        raise AxError("making a TAP device needs root, and /dev/net/tun", "--net tap",
                      "run as root; or --tap NAME for one that is yours; or, in QEMU, --net user")
    made = None
    try:
        with undisturbed():
            made = make_tap(network, gateway, several_queues)
        yield made
    finally:
        if made:
            with undisturbed():
                remove(made.name)


def make_tap(network, gateway, several_queues):
    remove_orphans()
    for number in range(200):
        name = f"axtap{number}"
        if os.path.exists(f"/sys/class/net/{name}"):
            continue
        try:
            handle = attach(name, IFF_MULTI_QUEUE if several_queues else 0)
            break
        except OSError:
            continue   # somebody was quicker
    else:
        raise AxError("no name is left for a TAP device", "--net tap", "`ip link` lists them")
    try:
        with contextlib.suppress(OSError), open(f"/sys/class/net/{name}/ifalias", "w") as file:
            file.write(f"{OF}{os.getpid()}")
        network = network or ipaddress.IPv4Interface(f"10.213.{number}.2/24")
        host = gateway or str(next(ip for ip in network.network.hosts() if ip != network.ip))
        set_up(name, host, network)
        fcntl.ioctl(handle, TUNSETPERSIST, 1)   # it stays while the image attaches in our place
        return Tap(name, network.with_prefixlen, host)
    finally:
        os.close(handle)


def is_orphan(name):
    """Whether who has made the device is no more."""
    try:
        with open(f"/sys/class/net/{name}/ifalias") as file:
            maker = file.read().strip()
        return maker.startswith(OF) and not os.path.exists(f"/proc/{int(maker.removeprefix(OF))}")
    except (OSError, ValueError):
        return False


def set_up(name, host, network):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            with contextlib.suppress(OSError):   # no address of IPv6, no router solicitations: nobody else is on this wire
                with open(f"/proc/sys/net/ipv6/conf/{name}/accept_ra", "w") as file:
                    file.write("0")
            fcntl.ioctl(control, SIOCSIFADDR, interface_request(name, socket_address(host)))
            fcntl.ioctl(control, SIOCSIFNETMASK, interface_request(name, socket_address(str(network.netmask))))
            flags, = struct.unpack_from("H", fcntl.ioctl(control, SIOCGIFFLAGS, interface_request(name)), 16)
            fcntl.ioctl(control, SIOCSIFFLAGS, interface_request(name, struct.pack("H", flags | IFF_UP)))
    except OSError as error:
        raise AxError(f"{name}: {error.strerror}", "--net tap") from None


def queues_of(name):
    """IFF_MULTI_QUEUE if the device has several queues: who attaches to it must say so, too."""
    try:
        with open(f"/sys/class/net/{name}/tun_flags") as file:
            return int(file.read(), 16) & IFF_MULTI_QUEUE
    except (OSError, ValueError):
        return 0


def attach(name, queues):
    handle = os.open(TUN, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.ioctl(handle, TUNSETIFF, interface_request(name, struct.pack("H", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | queues)))
        return handle
    except OSError:
        os.close(handle)
        raise


def remove(name):
    """Who attaches last lets it go. The image has ended: it may take the kernel a moment to notice."""
    for _ in range(50):
        try:
            handle = attach(name, queues_of(name))
        except OSError:
            time.sleep(0.1)
            continue
        fcntl.ioctl(handle, TUNSETPERSIST, 0)
        os.close(handle)
        return


def remove_orphans():
    """Devices whose makers were killed, and that nobody uses."""
    for path in Path("/sys/class/net").glob("axtap*"):
        if is_orphan(path.name):
            with contextlib.suppress(OSError):
                handle = attach(path.name, queues_of(path.name))
                if is_orphan(path.name):     # still: nobody has been quicker, and made a new one of that name
                    fcntl.ioctl(handle, TUNSETPERSIST, 0)
                os.close(handle)


# ------------------------------------------------------------------------------------- forwarded ports, recorded packets

def listener(port):
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise AxError(f"port {port}: {os.strerror(error.errno)}", "--port") from None


class Relay:
    """Connections to 127.0.0.1:port go on to `target`: one thread for the port, one for each connection."""

    def __init__(self, port, target):
        self.target, self.open, self.listener = target, True, listener(port)

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.open = False
        self.listener.close()

    def accept(self):
        while self.open:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(near,), daemon=True).start()

    def serve(self, near):
        with near:
            try:
                far = self.connect()
            except OSError:
                return
            with far:
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(OSError):
                    shuttle(near, far)

    def connect(self):
        """The image may be still on its way to listening."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return socket.create_connection(self.target, timeout=10)
            except OSError:
                if not self.open or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def shuttle(near, far):
    """Copy both ways until both have ended."""
    other = {near: far, far: near}
    for end in other:
        end.settimeout(None)
    with selectors.DefaultSelector() as selector:
        for end in other:
            selector.register(end, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = key.fileobj.recv(65536)
                if data:
                    other[key.fileobj].sendall(data)
                else:
                    selector.unregister(key.fileobj)
                    other[key.fileobj].shutdown(socket.SHUT_WR)


class Recorder:
    """Packets of an interface into a file for Wireshark (draft-ietf-opsawg-pcap), as the interface hands them over: with
    checksums and segmentation left to it."""

    def __init__(self, interface, path):
        self.open = True
        try:
            self.file = open(path, "wb")
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            self.socket.bind((interface, 0))
        except OSError as error:
            raise AxError(f"{path}: {error.strerror}", "--pcap", "recording over a TAP device needs root") from None
        self.socket.settimeout(0.1)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 1))

    def __enter__(self):
        self.thread = threading.Thread(target=self.record, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.open = False
        self.thread.join()
        self.file.close()
        self.socket.close()

    def record(self):
        while self.open:
            try:
                packet = self.socket.recv(0x40000)
            except TimeoutError:
                continue
            except OSError:
                return
            now = time.time_ns()
            self.file.write(struct.pack("<IIII", now // 10**9, now % 10**9 // 1000, len(packet), len(packet)) + packet)
