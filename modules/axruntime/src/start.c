/* SPDX-License-Identifier: Apache-2.0 */
/* The composition: each part that this image holds is initialized here, in the order of their dependencies. */
#include <axconfig/axconfig.h>
#include <axhal/boot.h>
#include <axhal/start.h>
#include <axlog/axlog.h>
#include <axruntime/app.h>
#include <axruntime/features.h>
#include <stddef.h>

#if AXRUNTIME_FEATURE_ALLOC
#include <axalloc/axalloc.h>
#endif
#if AXRUNTIME_FEATURE_ALLOC && AXRUNTIME_FEATURE_PAGING
#include <axalloc/frames.h>
#endif
#if AXRUNTIME_FEATURE_BLOCK
#include <axblock/axblock.h>
#endif
#if AXRUNTIME_FEATURE_ENTROPY
#include <axentropy/axentropy.h>
#endif
#if AXRUNTIME_FEATURE_FS
#include <axfs/axfs.h>
#endif
#if AXRUNTIME_FEATURE_VOLUME
#include <axvolume/axvolume.h>
#endif
#if AXRUNTIME_FEATURE_NET
#include <axnet/axnet.h>
#endif
#if AXRUNTIME_FEATURE_MULTITASK
#include <axtask/axtask.h>
#include <kernel_guard/kernel_guard.h>
#endif

static void set_log_level(void)
{
	const char *name = axhal_boot_env("AX_LOG");
	axlog_level_t level;
	if (!name)
		return;
	if (axlog_level_from_name(name, &level))
		axlog_set_level(level);
	else
		ax_error("AX_LOG=%s: no such level (off, error, warn, info, debug, trace)", name);
}

int axhal_start_main(void)
{
	set_log_level();
	ax_info("%s on %s", AX_CONFIG_APP, AX_CONFIG_PLATFORM);
#if AXRUNTIME_FEATURE_ALLOC
	axalloc_init();
#if AXRUNTIME_FEATURE_PAGING
	axalloc_provide_frames();
#endif
	ax_info("memory: %zu KiB free", axalloc_stats().free_pages * PAGE_SIZE / 1024);
#endif
#if AXRUNTIME_FEATURE_MULTITASK
	axtask_init();
	irq_enable();
#endif
#if AXRUNTIME_FEATURE_ENTROPY
	axentropy_init();
#endif
#if AXRUNTIME_FEATURE_BLOCK
	axblock_init();
#endif
#if AXRUNTIME_FEATURE_NET
	axnet_init();
#endif
#if AXRUNTIME_FEATURE_FS
	axfs_init();
#endif
#if AXRUNTIME_FEATURE_VOLUME
	axvolume_init();
#endif
	const axhal_boot_args_t *args = axhal_boot_args();
	int status = axruntime_app_main(args->argc, args->argv, args->envp);
#if AXRUNTIME_FEATURE_NET
	axnet_end();
#endif
#if AXRUNTIME_FEATURE_FS
	if (axfs_end() != AX_OK)
		ax_error("files: not everything could be written back");
#endif
	ax_info("exit status %d", status);
	return status;
}
