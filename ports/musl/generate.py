# SPDX-License-Identifier: Apache-2.0
"""The C library's generated headers: alltypes.h, bits/syscall.h and version.h as musl's own Makefile makes them, and
syscall_arch.h, which binds the library to the kernel.

In syscall_arch.h a system call is an always-inline function with a switch on the number. The number is a constant
at every use, so what is left of it is one direct, typed call of ax_sys_<name>(): no table, no trap, and an object
refers only to what it needs. The prototypes come from the POSIX API's header, the numbers from musl's list for the
architecture; a name that the API lacks calls ax_sys_missing().

    generate.py alltypes.h.in alltypes.h.in syscall.h.in VERSION syscalls.h -- alltypes.h syscall.h version.h syscall_arch.h
"""
import pathlib
import re
import sys


def alltypes(*texts):
    """What musl's tools/mkalltypes.sed does."""
    out = []
    for line in "".join(texts).splitlines():
        if found := re.fullmatch(r"TYPEDEF (.*) ([^ ]*);", line):
            out.append(f"#if defined(__NEED_{found[2]}) && !defined(__DEFINED_{found[2]})\n"
                       f"typedef {found[1]} {found[2]};\n#define __DEFINED_{found[2]}\n#endif\n")
        elif found := re.fullmatch(r"(STRUCT|UNION) * ([^ ]*) (.*);", line):
            word = f"{found[1].lower()}_{found[2]}"
            out.append(f"#if defined(__NEED_{word}) && !defined(__DEFINED_{word})\n"
                       f"{found[1].lower()} {found[2]} {found[3]};\n#define __DEFINED_{word}\n#endif\n")
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def public_numbers(text):
    return text + "".join(re.sub("__NR_", "SYS_", line) + "\n" for line in text.splitlines() if "__NR_" in line)


def prototypes(text):
    """{name: [parameter type]} of every ax_sys_ function."""
    found = {}
    for name, parameters in re.findall(r"^(?:_Noreturn )?long ax_sys_(\w+)\((.*)\);$", text, re.M):
        types = [] if parameters == "void" else [re.sub(r"\w+$", "", p.strip()).strip() for p in parameters.split(",")]
        found[name] = types
    return found


# Kernel types as musl's compiler sees them: a pointer to a structure of ours is passed as it is.
def foreign(kind):
    return "void *" if "*" in kind else {"size_t": "unsigned long", "int64_t": "long", "uint32_t": "unsigned"}.get(kind, kind)


def syscall_arch(api, numbers):
    names = re.findall(r"^#define\s+__NR_(\w+)\s+(?!__NR_)", numbers, re.M)  # another name for a number is no call of its own
    lines = ["/* Made by ports/musl/generate.py. */"]
    for name, types in sorted(api.items()):
        lines.append(f"long ax_sys_{name}({', '.join(map(foreign, types)) or 'void'});")
    lines += ["", "static __inline __attribute__((always_inline)) long __ax_syscall(long n, long a, long b, long c, long d, "
              "long e, long f)", "{", "\tswitch (n) {"]
    for name in names:
        if name in api:
            arguments = ", ".join(f"({foreign(kind)}){letter}" for kind, letter in zip(api[name], "abcdef"))
            lines.append(f"\tcase __NR_{name}: return ax_sys_{name}({arguments});")
        else:
            lines.append(f'\tcase __NR_{name}: return ax_sys_missing(n, "{name}");')
    lines += ['\tdefault: return ax_sys_missing(n, "?");', "\t}", "}", ""]
    for count in range(7):
        letters = "abcdef"[:count]
        parameters = "".join(f", long {letter}" for letter in letters)
        arguments = ", ".join([*letters, *"0" * (6 - count)])
        lines.append(f"static __inline __attribute__((always_inline)) long __syscall{count}(long n{parameters}) "
                     f"{{ return __ax_syscall(n, {arguments}); }}")
    lines += ["", "/* A cancellation point: one test for programs that cancel nobody. 4 is EINTR, 125 ECANCELED. */",
              "extern int musl_port_cancelling;", "int musl_port_cancel(void);",
              "extern __inline __attribute__((gnu_inline, always_inline)) long __syscall_cp(long n, long a, long b, long c, "
              "long d, long e, long f)", "{",
              "\tif (__builtin_expect(musl_port_cancelling, 0) && musl_port_cancel()) return -125;",
              "\tlong r = __ax_syscall(n, a, b, c, d, e, f);",
              "\tif (__builtin_expect(musl_port_cancelling, 0) && r == -4 && musl_port_cancel()) return -125;",
              "\treturn r;", "}", "",
              "#define __SYSCALL_LL_E(x) (x)", "#define __SYSCALL_LL_O(x) (x)", "#define IPC_64 0", ""]
    return "\n".join(lines)


def write_if_changed(path, text):
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def main(arguments):
    split = arguments.index("--")
    inputs = [pathlib.Path(a).read_text() for a in arguments[:split]]
    arch_types, types, numbers, version, api = inputs
    made = [alltypes(arch_types, types), public_numbers(numbers), f'#define VERSION "{version.strip()}"\n',
            syscall_arch(prototypes(api), numbers)]
    for path, text in zip(arguments[split + 1:], made, strict=True):
        write_if_changed(pathlib.Path(path), text)


main(sys.argv[1:])
