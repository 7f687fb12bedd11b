# SPDX-License-Identifier: Apache-2.0
"""The resolver: from one application, a platform and features to the components of one image.

Features are additive and unified over the whole graph, as Cargo's are: "feature", "dep:x", "dep/feature" and
"dep?/feature". A [choice] holds exactly one of its features: an explicit pick replaces the default, two picks are
an error that names both askers. Glue: each required interface has exactly one provider in the image.
`check_tree` holds the laws that need no image: known names, downward edges, no cycle, prefixes unique.
"""
from dataclasses import dataclass, field

from .errors import AxError, nearest
from .manifest import LAYERS, relative

RANK = {layer: rank for rank, layer in enumerate(LAYERS)}


# ---------------------------------------------------------------------------------------------- the whole tree

def check_tree(tree):
    """Laws 2 and 3, and every name, over all manifests, optional edges included. Raises the first violation."""
    if not tree.checked:
        for violation in violations(tree):
            raise violation
        tree.checked = True


def violations(tree, paths=True):
    """The same, one AxError after the other; each check of a manifest stops at its first."""
    checks = [(check_edge, tree, c, d) for c in tree.all().values() for d in c.dependencies.values()]
    for c in tree.all().values():
        checks += [(check_features, tree, c), (check_tests, tree, c), (check_glue_names, tree, c)]
        checks += [(check_paths, c)] if paths else []
    for check, *arguments in [*checks, (check_cycles, tree), (check_prefixes, tree)]:
        try:
            check(*arguments)
        except AxError as violation:
            yield violation


def check_edge(tree, c, dependency):
    known, where = tree.components, c.line_of_key("dependencies", dependency.name)
    if dependency.name not in known:
        if dependency.name in tree.apps:
            raise AxError(f'"{c.name}" depends on the application "{dependency.name}"', where,
                          "nothing depends on an application")
        raise AxError(f'unknown component "{dependency.name}"', where,
                      nearest(dependency.name, known) or "write its component.toml first")
    target = known[dependency.name]
    allowed = RANK[target.layer] <= RANK[c.layer]
    if c.layer == "app" and not c.kernel:
        allowed = target.layer == "ulib"
    if not allowed:
        why = ("an application uses ulib components only" if c.layer == "app" else
               f"{c.layer} \"{c.name}\" is below {target.layer} \"{target.name}\": edges go downward")
        raise AxError(f"upward edge {c.name} -> {target.name}: {why}" if c.layer != "app" else
                      f"edge {c.name} -> {target.name} skips ulib: {why}", where,
                      "reach the service through a lower component, or mark the upcall as glue ([requires] here, "
                      "[provides] there)" if c.layer != "app" else
                      "depend on axstd or axlibc, or set `kernel = true` in [app] for a kernel application")
    for feature in dependency.features:
        need_feature(target, feature, c.line(dependency.name, feature))


def need_feature(target, feature, where):
    known = target.all_features()
    if feature not in known:
        raise AxError(f'component "{target.name}" has no feature "{feature}"', where,
                      nearest(feature, known) or f"it has: {', '.join(known) or 'none'}")


def check_features(tree, c):
    for choice in c.choices.values():
        if not choice.of:
            raise AxError(f"choice `{choice.name}` offers nothing", c.line(choice.name))
    for feature, values in c.features.items():
        for value in values:
            where = c.line(value)
            if value.startswith("dep:"):
                name = value[4:]
                if name not in c.dependencies or not c.dependencies[name].optional:
                    raise AxError(f'feature "{feature}" asks for "{value}" but "{name}" is no optional dependency', where,
                                  f"add `{name} = {{ optional = true }}` to [dependencies]")
            elif "/" in value:
                name, sub = value.replace("?/", "/").split("/", 1)
                if name not in c.dependencies:
                    raise AxError(f'feature "{feature}" passes "{value}" but "{name}" is no dependency', where,
                                  f"add `{name} = {{}}` to [dependencies]")
                if name in tree.components:
                    need_feature(tree.components[name], sub, where)
            else:
                need_feature(c, value, where)
    for key in [*c.sources, *c.include]:
        if key not in ("common", "arch"):
            need_feature(c, key, c.line(key))


def check_tests(tree, c):
    """Features that unit tests turn on: of the component, or of what it depends on."""
    for feature in [f for test in c.tests if c.layer != "app" for f in test.features]:
        name, _, sub = feature.rpartition("/")
        target = tree.components.get(name or c.name)
        where = c.line("features", feature)
        if not target:
            raise AxError(f'unknown component "{name}"', where, nearest(name, tree.components))
        need_feature(target, sub, where)
    for name in [name for test in c.tests if c.layer != "app" for name in test.stubs]:
        if name not in tree.components:
            raise AxError(f'unknown component "{name}"', c.line("stubs", name), nearest(name, tree.components))


def check_glue_names(tree, c):
    for glue in [*c.requires, *c.provides]:
        if glue.feature:
            need_feature(c, glue.feature, c.line(glue.feature))
    for glue in c.requires:
        headers = [d / glue.header for d in include_dirs_any(c)]
        if not any(h.is_file() for h in headers):
            raise AxError(f'interface "{glue.name}": no header {glue.header} in its include folders', c.line(glue.header))
    for glue in c.provides:
        owner, _, name = glue.name.partition("/")
        known = {g.name for o in tree.components.values() for g in o.requires}
        if glue.name not in known:
            raise AxError(f'provides unknown interface "{glue.name}"', c.line(glue.name), nearest(glue.name, known))
        if owner not in c.dependencies:
            raise AxError(f'provides "{glue.name}" without depending on "{owner}", which declares it',
                          c.line(glue.name), f"add `{owner} = {{}}` to [dependencies]")


def include_dirs_any(c):
    """Every include folder that the component can have, whatever the features."""
    found = []
    for value in c.include.values():
        for entries in (value.values() if isinstance(value, dict) else [value]):
            found += [c.dir / entry for entry in entries]
    return found


def check_paths(c):
    for table in (c.sources, c.include):
        for value in table.values():
            for entries in (value.values() if isinstance(value, dict) else [value]):
                for entry in entries:
                    if not (c.dir / entry).exists():
                        raise AxError(f'no such file or folder "{entry}"', c.line(entry))


def check_cycles(tree):
    done, trail = set(), []

    def visit(c):
        if c.name in trail:
            cycle = trail[trail.index(c.name):] + [c.name]
            first = tree.all()[cycle[0]]
            raise AxError(f"cycle: {' -> '.join(cycle)}", first.line_of_key("dependencies", cycle[1]),
                          "move what both need into a lower component, or mark the upcall as glue")
        if c.name in done:
            return
        trail.append(c.name)
        for name in c.dependencies:
            if name in tree.components:
                visit(tree.components[name])
        trail.pop()
        done.add(c.name)

    for c in tree.all().values():
        visit(c)


def check_prefixes(tree):
    owner = {}
    for c in tree.components.values():
        for prefix in c.prefix:
            if prefix in owner:
                raise AxError(f'prefix "{prefix}" is claimed by "{owner[prefix].name}" too '
                              f'({relative(owner[prefix].path)})', c.line("prefix", prefix),
                              "every component's public symbols have a prefix of their own")
            owner[prefix] = c


# ------------------------------------------------------------------------------------------------- one image

@dataclass
class Node:
    """A component in an image."""
    component: object
    features: dict = field(default_factory=dict)       # feature -> who asked first
    dependencies: dict = field(default_factory=dict)   # active dependency name -> Dependency
    why: list = field(default_factory=list)            # who brought it in

    @property
    def name(self):
        return self.component.name


@dataclass
class Image:
    """What resolve() returns: nodes in dependency order (what is used before who uses it), and glue."""
    app: object
    platform: object
    nodes: dict
    glue: dict            # interface -> (requiring node, providing node)

    def order(self):
        done, result = set(), []

        def visit(name):
            if name not in done:
                done.add(name)
                for dependency in self.nodes[name].dependencies:
                    visit(dependency)
                result.append(self.nodes[name])

        visit(self.app.name)
        for name in self.nodes:
            visit(name)
        return result

    def has(self, component, feature=None):
        node = self.nodes.get(component)
        return bool(node) and (feature is None or feature in node.features)

    def visible(self, name):
        """Components whose headers `name` may include: itself, its dependencies, the public closure of those."""
        found, queue = [name], list(self.nodes[name].dependencies)
        while queue:
            current = queue.pop(0)
            if current not in found:
                found.append(current)
                queue += [d.name for d in self.nodes[current].dependencies.values() if d.public]
        return found


class _Restart(Exception):
    """A default was taken for a choice that a later request picks explicitly: resolve again without it."""

    def __init__(self, choice):
        self.choice = choice


def resolve(tree, app, platform, features=(), smp=1):
    """The image of `app` on `platform` with these features of the application, or "component/feature", turned on; for
    more than one CPU also "smp" of the libraries, and of the application if it has it."""
    if not tree.names_checked:
        for violation in violations(tree, paths=False):  # those of this image are checked with it
            raise violation
        tree.names_checked = True
    no_default = set()
    while True:
        try:
            return _Resolver(tree, app, platform, no_default, smp).run(features)
        except _Restart as restart:
            no_default.add(restart.choice)


def resolve_component(tree, component, features=(), platform=None):
    """For unit tests and the audit: one component with these features and what it depends on, whoever provides its glue.
    Returns {name: Node}."""
    no_default = set()
    while True:
        try:
            resolver = _Resolver(tree, component, platform, no_default)
            resolver.settle(features)
            return resolver.nodes
        except _Restart as restart:
            no_default.add(restart.choice)


class _Resolver:
    def __init__(self, tree, app, platform, no_default, smp=1):
        self.tree, self.app, self.platform, self.no_default, self.smp = tree, app, platform, no_default, smp
        self.nodes, self.weak, self.defaulted = {}, [], {}

    def settle(self, features):
        self.activate(self.app, "the command line", True)
        for feature in features:
            self.ask(feature)
        while self.settle_weak() or self.settle_smp() or self.settle_choice():
            pass

    def run(self, features):
        self.settle(features)
        self.check_smp()
        self.check_platform()
        for node in self.nodes.values():
            check_paths(node.component)
        image = Image(self.app, self.platform, self.nodes, self.settle_glue())
        image.nodes = {node.name: node for node in image.order()}
        return image

    def ask(self, feature):
        """A feature from the command line."""
        where = f"--features {feature}"
        if "/" in feature:
            name, sub = feature.split("/", 1)
            if name not in self.tree.components:
                raise AxError(f'unknown component "{name}"', where, nearest(name, self.tree.components))
            need_feature(self.tree.components[name], sub, where)
            if name not in self.nodes:
                raise AxError(f'"{name}" is not in this image, so "{sub}" would do nothing', where,
                              f"`ax tree {self.app.name}` shows what is")
            self.feature(self.tree.components[name], sub, where)
            return
        need_feature(self.app, feature, where)
        self.feature(self.app, feature, where)

    def activate(self, c, why, defaults):
        node = self.nodes.get(c.name)
        if not node:
            node = self.nodes[c.name] = Node(c)
            for dependency in c.dependencies.values():
                if not dependency.optional:
                    self.depend(node, dependency)
            for feature in self.platform.features.get(c.name, []) if self.platform else []:
                where = f"{relative(self.platform.path)}"
                need_feature(c, feature, where)
                self.feature(c, feature, where)
        if why not in node.why:
            node.why.append(why)
        if defaults and "default" in c.features:
            self.feature(c, "default", why)
        return node

    def depend(self, node, dependency):
        if dependency.name in node.dependencies:
            return
        node.dependencies[dependency.name] = dependency
        target = self.tree.components[dependency.name]
        self.activate(target, node.name, dependency.default_features)
        for feature in dependency.features:
            self.feature(target, feature, node.component.line_of_key("dependencies", dependency.name))

    def feature(self, c, feature, asker):
        node = self.nodes[c.name]
        if feature in node.features:
            return
        choice = c.choice_of(feature)
        if choice:
            key = (c.name, choice.name)
            other = next((f for f in choice.of if f in node.features), None)
            if other and key in self.defaulted:
                raise _Restart(key)
            if other:
                raise AxError(f'choice "{choice.name}" of "{c.name}" is picked twice: "{other}" by {node.features[other]}, '
                              f'"{feature}" by {asker}', c.line(choice.name), "keep one of the two picks")
        node.features[feature] = asker
        for value in c.features.get(feature, []):
            where = f"{c.name}'s feature \"{feature}\" ({c.line(feature, value)})"
            if value.startswith("dep:"):
                self.depend(node, c.dependencies[value[4:]])
            elif "?/" in value:
                self.weak.append((node, *value.split("?/", 1), where))
            elif "/" in value:
                name, sub = value.split("/", 1)
                self.depend(node, c.dependencies[name])
                self.feature(self.tree.components[name], sub, where)
            else:
                self.feature(c, value, where)

    def settle_weak(self):
        """dep?/feature: passed on once the dependency is there for another reason."""
        for entry in list(self.weak):
            node, name, sub, where = entry
            if name in node.dependencies:
                self.weak.remove(entry)
                self.feature(self.tree.components[name], sub, where)
                return True
        return False

    def settle_smp(self):
        """More than one CPU: each library that can use them is told so, and the application."""
        for node in list(self.nodes.values()) if self.smp > 1 else ():
            offers = node.component.layer in ("ulib", "app") and "smp" in node.component.all_features()
            if offers and "smp" not in node.features:
                self.feature(node.component, "smp", f"--smp {self.smp}")
                return True
        return False

    def check_smp(self):
        if self.smp > 1 and not any("smp" in n.features for n in self.nodes.values() if n.component.layer in ("ulib", "app")):
            able = [c.name for c in self.tree.components.values() if c.layer == "ulib" and "smp" in c.all_features()]
            raise AxError(f'"{self.app.name}" uses one CPU: no library in its image has a feature "smp"', f"--smp {self.smp}",
                          f"leave --smp out, or depend on one of: {', '.join(able)}" if able else "leave --smp out")

    def settle_choice(self):
        """Take one default; the caller settles what follows from it before the next."""
        for node in list(self.nodes.values()):
            for choice in node.component.choices.values():
                key = (node.name, choice.name)
                if any(f in node.features for f in choice.of):
                    continue
                if choice.default is None and not self.platform:
                    continue  # a unit test goes without what only a platform can pick
                if choice.default is None:
                    raise AxError(f'choice "{choice.name}" of "{node.name}" has no default and nothing picks one',
                                  node.component.line(choice.name), f"turn one on: {', '.join(choice.of)}")
                if key in self.no_default:
                    continue
                self.feature(node.component, choice.default, f"default of choice \"{choice.name}\"")
                self.defaulted[key] = choice.default
                return True
        return False

    def check_platform(self):
        for name in self.platform.features if self.platform else []:
            if name not in self.tree.components:
                raise AxError(f'unknown component "{name}"', relative(self.platform.path),
                              nearest(name, self.tree.components))

    def settle_glue(self):
        def on(glue, node):
            return glue.feature is None or glue.feature in node.features

        providers = {}
        for node in self.nodes.values():
            for glue in node.component.provides:
                if on(glue, node):
                    providers.setdefault(glue.name, []).append(node)
        result = {}
        for node in self.nodes.values():
            for glue in node.component.requires:
                if not on(glue, node):
                    continue
                found = providers.get(glue.name, [])
                if not found:
                    able = [c.name for c in self.tree.components.values() if any(p.name == glue.name for p in c.provides)]
                    raise AxError(f'interface "{glue.name}" has no provider in this image', node.component.line(glue.header),
                                  f"add one of: {', '.join(able)}" if able else "no component provides it: write one")
                if len(found) > 1:
                    raise AxError(f'interface "{glue.name}" has {len(found)} providers: '
                                  + ", ".join(f"{n.name} ({n.component.line(glue.name)})" for n in found),
                                  node.component.line(glue.header), "leave one of them out")
                result[glue.name] = (node, found[0])
        return result
