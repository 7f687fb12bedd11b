/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the image is and does. Formats of files that Linux has are Linux's (proc(5)); `tasks` has a line a thread: its
 * number, its name, nanoseconds that it ran; `components` a line a component, with the features that are on.
 */
#include "proc.h"

#include "mounts.h"

#include <axalloc/axalloc.h>
#include <axconfig/axconfig.h>
#include <axconfig/components.h>
#include <axfs/features.h>
#include <axfs/proc.h>
#include <axhal/smp.h>
#include <axhal/time.h>
#include <base/base.h>
#if AXFS_FEATURE_MULTITASK
#include <axtask/axtask.h>
#endif

static vfs_t *s_proc;

static void print_meminfo(procfs_text_t *text, [[maybe_unused]] void *context)
{
	const axalloc_stats_t stats = axalloc_stats();
	const size_t free_heap = stats.heap_bytes - stats.heap_used_bytes;
	const size_t page_kib = VFS_PAGE_BYTES / 1024;
	procfs_print(text, "MemTotal:       %8zu kB\nMemFree:        %8zu kB\nMemAvailable:   %8zu kB\n",
		     stats.total_pages * page_kib, stats.free_pages * page_kib, stats.free_pages * page_kib + free_heap / 1024);
}

static void print_cpuinfo(procfs_text_t *text, [[maybe_unused]] void *context)
{
	for (unsigned cpu = 0; cpu < axhal_cpus_present(); cpu++)
		procfs_print(text, "processor\t: %u\nmodel name\t: %s on %s\n\n", cpu, AX_CONFIG_ARCH, AX_CONFIG_PLATFORM);
}

static void print_uptime(procfs_text_t *text, [[maybe_unused]] void *context)
{
	const uint64_t now_ns = axhal_now_ns();
	procfs_print(text, "%llu.%02u 0.00\n", (unsigned long long)(now_ns / AX_NS_PER_SEC),
		     (unsigned)(now_ns % AX_NS_PER_SEC / 10000000));
}

static bool print_mount(void *text, const axfs_mount_info_t *mount)
{
	procfs_print(text, "%s %s %s %s 0 0\n", mount->fs->source, mount->path, mount->fs->kind,
		     mount->fs->flags & VFS_READ_ONLY ? "ro" : "rw");
	return true;
}

static void print_mounts(procfs_text_t *text, [[maybe_unused]] void *context)
{
	axfs_each_mount(print_mount, text);
}

static void print_components(procfs_text_t *text, [[maybe_unused]] void *context)
{
	static const char list[] = AX_CONFIG_COMPONENTS;
	procfs_put(text, list, sizeof list - 1);
}

static void print_version(procfs_text_t *text, [[maybe_unused]] void *context)
{
	procfs_print(text, "Ashlar, %s on %s\n", AX_CONFIG_APP, AX_CONFIG_PLATFORM);
}

#if AXFS_FEATURE_MULTITASK
/* The table of threads is locked meanwhile, and interrupts masked: printing into memory may be done so. */
static bool print_task(ax_thread_t *thread, void *text)
{
	procfs_print(text, "%llu %s %llu\n", (unsigned long long)axtask_id(thread), axtask_name(thread),
		     (unsigned long long)axtask_thread_stats(thread).run_ns);
	return true;
}

static void print_tasks(procfs_text_t *text, [[maybe_unused]] void *context)
{
	axtask_each(print_task, text);
}
#else
static void print_tasks(procfs_text_t *text, [[maybe_unused]] void *context)
{
	procfs_print(text, "1 main %llu\n", (unsigned long long)axhal_now_ns());
}
#endif

ax_err_t axfs_mount_proc(const char *path)
{
	static const struct {
		const char *name;
		procfs_print_t *print;
	} files[] = {
		{ "meminfo", print_meminfo },	{ "cpuinfo", print_cpuinfo }, { "uptime", print_uptime },
		{ "tasks", print_tasks },	{ "mounts", print_mounts },   { "components", print_components },
		{ "version", print_version },
	};
	vfs_t *fs;
	ax_err_t error = procfs_mount(&axfs_host, &fs);
	if (error != AX_OK)
		return error;
	for (size_t i = 0; i < ARRAY_SIZE(files) && error == AX_OK; i++)
		error = procfs_add(fs, files[i].name, files[i].print, NULL);
	s_proc = fs;
	return error == AX_OK ? axfs_mount(fs, path) : error;
}

ax_err_t axfs_add_proc(const char *name, procfs_print_t *print, void *context)
{
	return procfs_add(s_proc, name, print, context);
}
