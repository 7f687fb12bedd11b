# SPDX-License-Identifier: Apache-2.0
"""What an image holds, for people: `ax tree` in text, `ax graph` as SVG, `ax size` as a table."""
import shutil
import subprocess

from . import ports
from .errors import AxError
from .manifest import LAYERS

COLOURS = {"app": "#f6d9a8", "ulib": "#cfe3f5", "api": "#d6cff5", "module": "#cdebd0", "element": "#eeeeee"}


def tree(image):
    """Components from the application down, each with its features; one seen before is not opened again."""
    lines, seen = [], set()

    def label(node):
        features = [f for f in node.features if f != "default"]
        return f"{node.name} ({node.component.layer})" + (f" [{', '.join(sorted(features))}]" if features else "")

    def visit(name, prefix, connector, below):
        node = image.nodes[name]
        again = name in seen and node.dependencies
        lines.append(f"{prefix}{connector}{label(node) if name not in seen else name}{' ...' if again else ''}")
        if name in seen:
            return
        seen.add(name)
        children = sorted(node.dependencies, key=lambda n: (-LAYERS.index(image.nodes[n].component.layer), n))
        for index, child in enumerate(children):
            last = index == len(children) - 1
            visit(child, prefix + below, "└─ " if last else "├─ ", "   " if last else "│  ")

    visit(image.app.name, "", "", "")
    return lines


def why(image):
    """Each component, its layer, and who asked for it and for its features."""
    lines = []
    for node in sorted(image.nodes.values(), key=lambda n: (-LAYERS.index(n.component.layer), n.name)):
        lines.append(f"{node.name} ({node.component.layer}): {', '.join(node.why)}")
        lines += [f"    feature {feature}: {asker}" for feature, asker in node.features.items()]
    return lines


def glue(image):
    """Each upcall: interface, who calls, who provides."""
    return [f"{name}: {user.name} calls, {provider.name} provides" for name, (user, provider) in image.glue.items()]


def licenses(root, image):
    """Ashlar's own licence and that of each third-party source in the image."""
    lines = [f"{len(image.nodes)} components of Ashlar: Apache-2.0"]
    names = dict.fromkeys(port for node in image.nodes.values() for port in node.component.ports)
    for name in names:
        port = ports.load(root, name)
        lines.append(f"{port.name} {port.version}: {port.licence}")
    return lines


def dot(image):
    """The graph in Graphviz's language: a rank a layer; glue edges dashed."""
    lines = ["digraph image {", '  rankdir=TB; nodesep=0.25; ranksep=0.45; bgcolor="white";',
             '  node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=11, height=0.3];',
             '  edge [color="#777777", arrowsize=0.6];']
    for layer in reversed(LAYERS):
        for node in image.nodes.values():
            if node.component.layer == layer:
                lines.append(f'  "{node.name}" [fillcolor="{COLOURS[layer]}", tooltip="{layer}: {node.component.brief}"];')
    for node in image.nodes.values():
        for name in node.dependencies:
            lines.append(f'  "{node.name}" -> "{name}";')
    for name, (user, provider) in image.glue.items():
        lines.append(f'  "{user.name}" -> "{provider.name}" [style=dashed, color="#c0392b", constraint=false, '
                     f'label="{name.split("/")[1]}", fontsize=9, fontcolor="#c0392b"];')
    return "\n".join([*lines, "}", ""])


def svg(image):
    if not shutil.which("dot"):
        raise AxError("`dot` is not installed", mend="apt install graphviz")
    done = subprocess.run(["dot", "-Tsvg"], input=dot(image), capture_output=True, text=True, check=True)
    return done.stdout


SECTION_OF = {"t": "code", "w": "code", "v": "code", "r": "constants", "d": "data", "b": "zeroed"}


def size(build):
    """Bytes of the image by component, from the sizes of its symbols and the source files that define them."""
    done = subprocess.run([build.tools.nm.replace("llvm-", ""), "-S", "-l", "--defined-only", str(build.debug_elf)],
                          capture_output=True, text=True, check=True)
    rows = {}
    for line in done.stdout.splitlines():
        fields, _, place = line.partition("\t")
        fields = fields.split()
        if len(fields) < 4 or fields[2].lower() not in SECTION_OF:
            continue
        row = rows.setdefault(owner(build, place), dict.fromkeys(SECTION_OF.values(), 0))
        row[SECTION_OF[fields[2].lower()]] += int(fields[1], 16)
    columns = list(dict.fromkeys(SECTION_OF.values()))
    lines = [f"{'':24}" + "".join(f"{c:>11}" for c in columns)]
    for name, row in sorted(rows.items(), key=lambda item: -sum(item[1][c] for c in columns[:3])):
        lines.append(f"{name:24}" + "".join(f"{row[c]:>11,}" for c in columns))
    lines.append(f"{'image file, stripped':24}{build.elf.stat().st_size:>11,}")
    return "\n".join(lines)


def owner(build, place):
    """The component or port whose source file `place` is in; assembly and linker symbols without one: "(other)"."""
    path = place.rsplit(":", 1)[0].replace(str(build.root) + "/", "").lstrip("/")
    parts = path.split("/")
    if len(parts) > 2 and parts[0] in ("elements", "modules", "api", "ulib", "apps"):
        return parts[1]
    if parts[:2] == ["build", "ports"] and len(parts) > 2:
        return parts[2]
    if parts[0] == "ports" and len(parts) > 1:
        return parts[1]
    return "(other)"
