# SPDX-License-Identifier: Apache-2.0
"""What an image holds, for people: `ax tree` in text, `ax graph` as SVG, `ax size` as a table."""
import bisect
import re
import shutil
import subprocess
from collections import Counter

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


ROW = 8                  # components beside each other at most
COMMON = 8               # with more users than this, arrows to a component of the whole tree's picture say nothing
LABELS = {"app": "application", "ulib": "ulib", "api": "api", "module": "module", "element": "element"}


def dot(nodes, edges, glue, title):
    """The graph in Graphviz's language. `nodes`: name -> layer; `edges`: name -> names; `glue`: (interface, user, provider).

    A band a layer, its name in the layer's colour at the left. In a layer, what is used stands below what uses it. An
    edge that others imply is left out.
    """
    lines = ["digraph ashlar {", '  rankdir=TB; nodesep=0.15; ranksep=0.32; size="14.3,20"; bgcolor="white"; newrank=true;',
             '  fontname="Helvetica"; fontsize=12; labelloc=b; labeljust=l;',
             f'  label="{title}\\lA box uses the boxes that its arrows reach; arrows that others imply are left out.'
             + ("\\lDashed: an upcall through glue, from who calls to who provides." if glue else "") + '\\l";',
             '  node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=14, height=0.36, margin="0.12,0.05"];',
             '  edge [color="#8a8a8a", arrowsize=0.6];']
    reduced = reduce(edges)
    anchor = None
    for layer, number, names in rows(nodes, edges):
        mark = f"{layer} {number}"
        text = LABELS[layer] if number == 0 else ""
        style = f'style=filled, fillcolor="{COLOURS[layer]}", color="{COLOURS[layer]}"' if text else "style=invis"
        lines.append(f'  "{mark}" [label="{text}", shape=plaintext, {style}, width=1.1, fontsize=13, fontcolor="#333333"];')
        lines += [f'  "{name}" [fillcolor="{COLOURS[layer]}", color="#555555"];' for name in names]
        lines.append("  {rank=same; " + "; ".join(f'"{name}"' for name in (mark, *names)) + "}")
        lines.append(f'  "{mark}" -> "{names[0]}" [style=invis, weight=0];')
        if anchor:
            lines.append(f'  "{anchor}" -> "{mark}" [style=invis, weight=100];')
        anchor = mark
    lines += [f'  "{user}" -> "{used}";' for user, names in reduced.items() for used in names]
    lines += [f'  "{user}" -> "{provider}" [style=dashed, color="#c0392b", constraint=false, fontname="Helvetica", '
              f'fontsize=11, fontcolor="#c0392b", label="{interface}"];' for interface, user, provider in glue]
    return "\n".join([*lines, "}", ""])


def rows(nodes, edges):
    """(layer, number of the row in it, names) from top to bottom: in a layer, users above what they use, and what no
    arrow reaches or leaves at the bottom."""
    linked = {n for used in edges.values() for n in used} | {name for name, used in edges.items() if used}

    def height(name):
        below = [n for n in edges[name] if nodes[n] == nodes[name]]
        return 1 + max(map(height, below)) if below else 0 if name in linked else -1

    for layer in reversed(LAYERS):
        number = 0
        heights = {name: height(name) for name, its in nodes.items() if its == layer}
        for level in sorted(set(heights.values()), reverse=True):
            names = sorted(name for name in heights if heights[name] == level)
            count = -(-len(names) // ROW)
            size = -(-len(names) // count)
            for start in range(0, len(names), size):
                yield layer, number, names[start:start + size]
                number += 1


def reduce(edges):
    """The edges without those that a longer way implies."""
    below = {}

    def reach(name):
        if name not in below:
            below[name] = set(edges[name]).union(*(reach(n) for n in edges[name]))
        return below[name]

    return {name: [n for n in used if not any(n in reach(other) for other in used if other != n)]
            for name, used in edges.items()}


def svg(image):
    """One image."""
    nodes = {name: node.component.layer for name, node in image.nodes.items()}
    edges = {name: list(node.dependencies) for name, node in image.nodes.items()}
    glue_edges = [(name.split("/")[1], user.name, provider.name) for name, (user, provider) in image.glue.items()]
    return render(dot(nodes, edges, glue_edges, f"{image.app.name} on {image.platform.name}: {len(nodes)} components."))


def svg_all(components):
    """All components of the tree, optional edges included; applications left out."""
    nodes = {c.name: c.layer for c in components.values()}
    users = Counter(name for c in components.values() for name in c.dependencies)
    common = [name for name in nodes if users[name] > COMMON]
    edges = {c.name: [n for n in c.dependencies if n not in common] for c in components.values()}
    glue_edges = [(g.name.split("/")[1], c.name, other.name) for c in components.values() for g in c.requires
                  for other in components.values() if any(p.name == g.name for p in other.provides)]
    title = (f"All {len(nodes)} components, optional dependencies included. Without their arrows, as most use them: "
             f"{', '.join(sorted(common))}.")
    return render(dot(nodes, edges, glue_edges, title))


def render(text):
    if not shutil.which("dot"):
        raise AxError("`dot` is not installed", mend="apt install graphviz")
    return subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True).stdout


SECTION_OF = {"t": "code", "w": "code", "v": "code", "r": "constants", "d": "data", "b": "zeroed"}


def size(build):
    """Bytes of the image by component, from the sizes of its symbols and the source files that define them. A port has
    no debug information: the link map says what came from its archive."""
    ported = archive_ranges(build)
    done = subprocess.run([build.tools.nm.replace("llvm-", ""), "-S", "-l", "--defined-only", str(build.debug_elf)],
                          capture_output=True, text=True, check=True)
    rows = {}
    for line in done.stdout.splitlines():
        fields, _, place = line.partition("\t")
        fields = fields.split()
        if len(fields) < 4 or fields[2].lower() not in SECTION_OF:
            continue
        name = owner(build, place)
        if name == "(other)":
            name = archive_at(ported, int(fields[0], 16)) or name
        row = rows.setdefault(name, dict.fromkeys(SECTION_OF.values(), 0))
        row[SECTION_OF[fields[2].lower()]] += int(fields[1], 16)
    columns = list(dict.fromkeys(SECTION_OF.values()))
    lines = [f"{'':24}" + "".join(f"{c:>11}" for c in columns)]
    for name, row in sorted(rows.items(), key=lambda item: -sum(item[1][c] for c in columns[:3])):
        lines.append(f"{name:24}" + "".join(f"{row[c]:>11,}" for c in columns))
    lines.append(f"{'image file, stripped':24}{build.elf.stat().st_size:>11,}")
    return "\n".join(lines)


def archive_ranges(build):
    """[(start, end, port)] ascending, from lines ` .text.printf  0x... 0x...  build/ports/PORT/.../libc.a(printf.o)`."""
    text = (build.dir / "image.map").read_text(errors="replace")
    found = re.findall(r"^ \.\S+\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+\S*/build/ports/([^/\s]+)/", text, re.M)
    return sorted((int(start, 16), int(start, 16) + int(count, 16), port) for start, count, port in found)


def archive_at(ranges, address):
    at = bisect.bisect(ranges, (address, 1 << 64)) - 1
    return ranges[at][2] if at >= 0 and address < ranges[at][1] else None


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
