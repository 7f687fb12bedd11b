# SPDX-License-Identifier: Apache-2.0
"""`ax new`: the files of a new application, element or module that build, pass `ax check` and pass their test as they are."""
import re

from .errors import AxError
from .manifest import FOLDERS, relative

# NAME and LAYER are filled in. Each template is what stands in its file.
APPLICATION = {
    "app.toml": '''\
# SPDX-License-Identifier: Apache-2.0
[app]
name  = "NAME"
brief = "Says hello"

[dependencies]
axstd = {}                    # features = ["alloc", "multitask", ...]: see ulib/axstd/component.toml

[sources]
common = ["main.c"]

[[test]]
name   = "says hello"
expect = "tests/NAME.out"
''',
    "main.c": '''\
/* SPDX-License-Identifier: Apache-2.0 */
/* Says hello to its first argument, or to the world. */
#include <axstd/axstd.h>

int main(int argc, char **argv)
{
	ax_print("Hello, %s, from NAME!\\n", argc > 1 ? argv[1] : "world");
	return 0;
}
''',
    "tests/NAME.out": '''\
Hello, world, from NAME!
''',
}

COMPONENT = {
    "component.toml": '''\
# SPDX-License-Identifier: Apache-2.0
[component]
name   = "NAME"
layer  = "LAYER"
brief  = "A counter with a limit"
prefix = ["NAME_"]

[dependencies]
axerrno = { public = true }

[sources]
common = ["src/NAME.c"]

[[test]]
sources = ["tests/NAME_test.c"]
''',
    "include/NAME/NAME.h": '''\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A counter with a limit. Invariant: count <= limit.
 *
 * No locks: the caller serializes. Any context.
 */
#pragma once

#include <axerrno/axerrno.h>
#include <stddef.h>

#pragma GCC visibility push(default)

typedef struct NAME {
	size_t count;
	size_t limit;
} NAME_t;

/** Start at zero; @p limit is the highest count. */
void NAME_init(NAME_t *self, size_t limit);

/**
 * Count one more.
 * @param count  the new count
 * @retval AX_ERR_NO_MEMORY  the limit is reached; @p self is untouched
 */
ax_err_t NAME_add(NAME_t *self, size_t *count);

#pragma GCC visibility pop
''',
    "src/NAME.c": '''\
/* SPDX-License-Identifier: Apache-2.0 */
/* The counter behind NAME/NAME.h. */
#include <NAME/NAME.h>

void NAME_init(NAME_t *self, size_t limit)
{
	*self = (NAME_t){ .limit = limit };
}

ax_err_t NAME_add(NAME_t *self, size_t *count)
{
	if (self->count == self->limit)
		return AX_ERR_NO_MEMORY;
	*count = ++self->count;
	return AX_OK;
}
''',
    "tests/NAME_test.c": '''\
/* SPDX-License-Identifier: Apache-2.0 */
/* Counting goes up by one, and ends at the limit. */
#include <axtest.h>
#include <NAME/NAME.h>

TEST(NAME_counts_up_to_its_limit_and_no_further)
{
	NAME_t counter;
	size_t count = 0;
	NAME_init(&counter, 2);
	CHECK(NAME_add(&counter, &count) == AX_OK);
	CHECK_EQ(count, 1);
	CHECK(NAME_add(&counter, &count) == AX_OK);
	CHECK_EQ(count, 2);
	CHECK(NAME_add(&counter, &count) == AX_ERR_NO_MEMORY);
	CHECK_EQ(count, 2);
}
''',
}


def new(tree, kind, name):
    """Write the files of a new `kind` ("app", "element" or "module"), and say what to do next."""
    folder = tree.root / FOLDERS[kind] / name
    refuse(tree, kind, name, folder)
    for path, text in (APPLICATION if kind == "app" else COMPONENT).items():
        target = folder / path.replace("NAME", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("NAME", name).replace("LAYER", kind))
    print(f"{relative(folder)}: " + (f"`./ax run {name}` runs it, " if kind == "app" else "")
          + f"`./ax test {name}` tests it, `./ax check` audits it")


def refuse(tree, kind, name, folder):
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in ("tool", "check"):   # those two are names for `ax test`
        raise AxError(f'"{name}" cannot be a name', f"ax new {kind}",
                      "lower-case letters, digits and _, a letter first: it begins C identifiers")
    if name in tree.all():
        raise AxError(f'there is a component named "{name}" already', relative(tree.all()[name].path),
                      "names are unique in the tree")
    if folder.exists():
        raise AxError("the folder exists already", relative(folder), "choose another name, or move it away")
    taken = {prefix: c.name for c in tree.components.values() for prefix in c.prefix}
    if kind != "app" and f"{name}_" in taken:
        raise AxError(f'the prefix "{name}_" belongs to "{taken[f"{name}_"]}"', f"ax new {kind}", "choose another name")
