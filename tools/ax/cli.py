# SPDX-License-Identifier: Apache-2.0
"""The command line: one function a command; everything they do is in the other files."""
import argparse
import json
import os
import shlex
import signal
import sys
from pathlib import Path

from . import bench, net, peers, picture, run, testing
from .build import Build, Options
from .errors import AxError
from .manifest import read_tree

DEFAULT_PLATFORM = "x86_64-qemu-q35"


def main(root, argv):
    parser = make_parser()
    argv, image_args = split_args(argv)
    options = parser.parse_args(argv)
    if not getattr(options, "function", None):
        parser.print_help()
        return 0
    options.image_args = image_args
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception: what runs below ends with us
    try:
        return options.function(root, options) or 0
    except AxError as error:
        print(f"ax: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")
        return 0


def split_args(argv):
    """What stands behind `--` belongs to the application."""
    if "--" in argv:
        at = argv.index("--")
        return argv[:at], argv[at + 1:]
    return argv, []


def make_parser():
    parser = argparse.ArgumentParser(prog="./ax", description="Composes, builds, runs, tests and measures Ashlar images.")
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(name, function, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(function=function)
        sub.add_argument("-v", "--verbose", action="store_true", help="show the commands")
        return sub

    for name, function, text in (("build", do_build, "build an application's image"),
                                 ("run", do_run, "build it and run it; its exit status is the command's"),
                                 ("debug", do_debug, "the same run under gdb")):
        sub = command(name, function, text)
        image_options(sub)
        if name != "build":
            run_options(sub)
        if name == "debug":
            sub.set_defaults(mode="debug")  # main() and its variables are there to be looked at
        if name == "run":
            sub.add_argument("--peer", metavar="COMMAND", help="run this program of the host's beside it, the image's address in "
                             "AX_PEER, until that ends: its status is the command's")
    sub = command("test", do_test, "unit tests, audit, and every application's expected-output runs")
    sub.add_argument("name", nargs="*", help="a component, an application, `tool` or `check`; all without")
    sub.add_argument("--cc", default="gcc", choices=("gcc", "clang"), help="compiler of the images")
    sub.add_argument("--platform", action="append", default=[], help="applications on this one only; may be repeated")
    sub.add_argument("--list", action="store_true", help="say what would run")
    command("check", do_check, "the audit alone: layers, cycles, includes, symbols, prefixes, headers")
    sub = command("tree", do_tree, "the components that an image holds")
    image_options(sub)
    sub.add_argument("--why", action="store_true", help="who asked for each component and feature")
    sub.add_argument("--glue", action="store_true", help="every upcall")
    sub.add_argument("--licenses", action="store_true", help="the licences of what the image holds")
    sub = command("graph", do_graph, "the same as a picture (SVG)")
    image_options(sub, nargs="?")
    sub.add_argument("--all", action="store_true", help="all components of the tree, instead of an image's")
    sub.add_argument("-o", "--output", type=Path, help="file; default: beside the image")
    image_options(command("size", do_size, "bytes of the image, component by component"))
    sub = command("new", do_new, "a scaffold that builds and passes its test")
    sub.add_argument("kind", choices=("app", "element", "module"))
    sub.add_argument("name")
    command("demo", do_demo, "boot Redis, measure it for some seconds, draw its latency")
    sub = command("bench", do_bench, "measure, beside Linux on this machine")
    sub.add_argument("name", nargs="*", help="; ".join(f"{n}: {b.brief}" for n, b in bench.BENCHES.items()))
    sub.add_argument("--json", action="store_true", help="print one JSON object")
    sub.add_argument("--runs", type=int, default=5, help="runs of each side (5)")
    sub.add_argument("--quick", action="store_true", help="net: a part of the requests, small messages alone")
    sub.add_argument("--size", type=int, metavar="N", help="sqlite: speedtest1's size (hosted 40, in QEMU 5)")
    sub.add_argument("--svg", type=Path, metavar="FILE", help="of one bench: draw there too (default: build/bench/)")
    sub.add_argument("--table", type=Path, metavar="FILE", help="of one bench: write the tables there in Markdown")
    sub.add_argument("--from", dest="kept", type=Path, metavar="FILE",
                     help="measure nothing: show and draw what `ax bench threads` kept in build/bench/threads.json")
    return parser


def image_options(sub, nargs=None):
    sub.add_argument("app", metavar="APP", nargs=nargs)
    sub.add_argument("--platform", default=os.environ.get("AX_PLATFORM", DEFAULT_PLATFORM),
                     help=f"a file of platforms/ ({DEFAULT_PLATFORM})")
    sub.add_argument("--features", default="", help="of the application, or component/feature; comma-separated")
    sub.add_argument("--smp", type=int, default=1, help="CPUs (1)")
    sub.add_argument("--mode", default="release", choices=("release", "debug"))
    sub.add_argument("--cc", default="gcc", choices=("gcc", "clang"))
    sub.add_argument("--rootfs", type=Path, metavar="DIR", help="pack the files of a folder into the image")
    sub.add_argument("--log", metavar="LEVEL", choices=("off", "error", "warn", "info", "debug", "trace"),
                     help="compile log lines in down to this level, and print them")


def run_options(sub):
    sub.add_argument("--mem", help="memory, such as 64M")
    sub.add_argument("--accel", default="auto", choices=("auto", "kvm", "tcg"))
    sub.add_argument("--env", action="append", default=[], metavar="K=V", help="environment of the application")
    sub.add_argument("--disk", action="append", default=[], metavar="IMAGE[,ro]", help="a block device; may be repeated: vda, vdb, ...")
    sub.add_argument("--volume", action="append", default=[], metavar="DIR:/PATH[,ro]", help="a folder of the host; may be repeated")
    sub.add_argument("--nic", metavar="DEVICE", help="QEMU's network card, e1000e for one (the platform's); the image needs its driver")
    sub.add_argument("--net", choices=("user", "tap"), help="a network: QEMU's own, or a TAP device made for the run (root)")
    sub.add_argument("--tap", metavar="NAME", help="use this TAP device, which exists")
    sub.add_argument("--ip", metavar="A.B.C.D/N", help="the image's address; `dhcp`: ask for one")
    sub.add_argument("--gw", metavar="A.B.C.D", help="its gateway; the host's address on a TAP device that is made")
    sub.add_argument("--dns", metavar="A.B.C.D", help="its name server")
    sub.add_argument("--port", action="append", default=[], metavar="H:G", help="forward port H of this machine to the image's port G")
    sub.add_argument("--pcap", metavar="FILE", help="record packets")


def make_build(root, options, rootfs=None):
    features = [f for f in options.features.split(",") if f]
    if options.log:
        features += [f"axlog/{options.log}"]
    return Build(read_tree(root), options.app, Options(
        platform=options.platform, features=tuple(features), smp=options.smp, mode=options.mode, cc=options.cc,
        rootfs=rootfs, verbose=options.verbose))


def do_build(root, options):
    build = make_build(root, options, options.rootfs)
    elf = build.run()
    build.write_compile_commands()
    print(f"{os.path.relpath(elf)}: {elf.stat().st_size:,} bytes")


def make_run(options, kind):
    environment = {}
    for entry in options.env:
        if "=" not in entry:
            raise AxError("not of the form K=V", f"--env {entry}")
        key, value = entry.split("=", 1)
        environment[key] = value
    return run.RunOptions(options.image_args, environment, options.mem, options.accel, options.log, options.verbose, options.rootfs,
                          [run.Disk.parse(disk) for disk in options.disk],
                          [run.Volume.parse(volume) for volume in options.volume], net.wanted_of(options, kind))


def do_run(root, options):
    build = make_build(root, options)
    wanted = make_run(options, build.platform.run.get("kind"))
    wanted.args = wanted.args or build.app.run.get("args", [])
    build.run()
    if options.peer:
        return peers.run_beside(build, wanted, shlex.split(options.peer))
    return run.start(build, wanted)[0]


def do_debug(root, options):
    build = make_build(root, options)
    build.run()
    return run.gdb(build, make_run(options, build.platform.run.get("kind")))


def do_test(root, options):
    tree = read_tree(root)
    for name in options.platform:
        tree.platform(name)
    return testing.run(tree, options.name, options.cc, options.list, options.verbose, options.platform)


def do_check(root, options):
    from . import audit
    tree = read_tree(root)
    return audit.check(tree, verbose=options.verbose)


def do_tree(root, options):
    image = make_build(root, options).image
    if options.licenses:
        lines = picture.licenses(root, image)
    elif options.glue:
        lines = picture.glue(image)
    elif options.why:
        lines = picture.why(image)
    else:
        lines = picture.tree(image)
    print("\n".join(lines))


def do_graph(root, options):
    if bool(options.app) == options.all:
        raise AxError("an application, or --all", "ax graph")
    if options.all:
        target, text = root / "build" / "all.svg", picture.svg_all(read_tree(root).components)
    else:
        build = make_build(root, options)
        target, text = build.dir / f"{options.app}.svg", picture.svg(build.image)
    target = options.output or target
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    print(os.path.relpath(target))


def do_size(root, options):
    build = make_build(root, options)
    build.run()
    print(picture.size(build))


def do_new(root, options):
    from . import scaffold
    scaffold.new(read_tree(root), options.kind, options.name)


def do_demo(root, options):
    from . import demo
    demo.show(read_tree(root), options.verbose)


def do_bench(root, options):
    if options.kept:
        results = bench.show(options.kept, options.json, options.svg, options.table)
    else:
        results = bench.run(read_tree(root), options.name, options.runs, options.json, options.svg, options.table,
                            options.quick, options.size)
    if options.json:
        print(json.dumps(results, indent=1))
