/* SPDX-License-Identifier: Apache-2.0 */
/* Virtio 9P devices. */
#include <axalloc/axalloc.h>
#include <axdriver/axdriver.h>
#include <axdriver/event.h>
#include <axfs/axfs.h>
#include <axfs/path.h>
#include <axlog/axlog.h>
#include <axvolume/axvolume.h>
#include <base/base.h>
#include <memstr/memstr.h>
#include <p9fs/p9fs.h>
#include <virtio_9p/virtio_9p.h>

typedef struct volume {
	virtio_9p_t device;
	axdriver_event_t event;
} volume_t;

static volume_t *of(virtio_9p_t *device)
{
	return container_of(device, volume_t, device);
}

static void poll(void *device)
{
	virtio_9p_poll(device);
}

static bool wait(virtio_9p_t *device, bool (*is_true)(const void *argument), const void *argument)
{
	return axdriver_event_wait(&of(device)->event, is_true, argument, poll, device);
}

static void wake(virtio_9p_t *device)
{
	axdriver_event_wake(&of(device)->event);
}

static const virtio_9p_user_t s_user = { wait, wake, AXDRIVER_HAS_INTERRUPTS };

static void on_interrupt(void *device)
{
	virtio_9p_interrupt(device);
}

static ax_err_t start(volume_t *volume, virtio_device_t *virtio)
{
	memset(volume, 0, sizeof *volume);
	volume->device.virtio = virtio;
	volume->device.user = &s_user;
	volume->device.is_dead = true; /* until it is started: an interrupt may come before */
	if (AXDRIVER_HAS_INTERRUPTS) {
		ax_err_t error = axdriver_virtio_on_interrupt(virtio, on_interrupt, &volume->device);
		if (error)
			return error;
	}
	return virtio_9p_init(&volume->device, virtio, &s_user);
}

/* Each directory of the path that is not there. */
static ax_err_t make_directories(const char *path)
{
	char part[VIRTIO_9P_TAG_BYTES];
	size_t length = strlen(path);
	ax_err_t error = path[0] == '/' && length > 1 ? AX_OK : AX_ERR_INVALID_INPUT;
	for (size_t i = 1; !error && i <= length; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		error = ax_path_make_directory_at(NULL, part, 0755);
		if (error == AX_ERR_ALREADY_EXISTS)
			error = AX_OK;
	}
	return error;
}

static ax_err_t mount(volume_t *volume)
{
	const char *path = volume->device.tag;
	vfs_t *fs;
	ax_err_t error = make_directories(path);
	if (!error)
		error = p9fs_mount(&axfs_host, &volume->device.transport, path, &fs);
	if (error)
		return error;
	error = axfs_mount(fs, path);
	if (error)
		(void)fs->ops->unmount(fs);
	return error;
}

void axvolume_init(void)
{
	axdriver_init();
	virtio_device_t *virtio;
	while ((virtio = axdriver_virtio_take(VIRTIO_ID_9P))) {
		volume_t *volume = axalloc_alloc(sizeof *volume, _Alignof(volume_t));
		ax_err_t error = volume ? start(volume, virtio) : AX_ERR_NO_MEMORY;
		if (!error)
			error = mount(volume);
		if (error)
			ax_error("%s: a volume that cannot be mounted: %s", virtio->address, ax_err_text(error));
		else
			ax_info("%s: a folder of the host", volume->device.tag);
	}
}
