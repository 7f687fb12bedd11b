/* SPDX-License-Identifier: Apache-2.0 */
/* The virtio devices of all buses: a list in the order in which they were found. */
#include <axalloc/axalloc.h>
#include <axalloc/frames.h>
#include <axdriver/axdriver.h>
#include <axdriver/features.h>
#include <axhal/mem.h>
#include <axlog/axlog.h>
#include <memstr/memstr.h>

#include "virtio_devices.h"

static virtio_device_t *s_devices[2 * DEVICES_MAX];
static size_t s_count;
static bool s_is_probed;

static void *alloc(size_t bytes)
{
	size_t pages = pages_for(bytes);
	void *memory = (void *)axalloc_pages(pages, PAGE_SIZE);
	return memory ? memset(memory, 0, pages * PAGE_SIZE) : NULL;
}

static void free_memory(void *memory, size_t bytes)
{
	axalloc_free_pages((vaddr_t)memory, pages_for(bytes));
}

virtio_memory_t axdriver_virtio_memory = { .alloc = alloc, .free = free_memory };

void *axdriver_memory_alloc(size_t bytes)
{
	return alloc(bytes);
}

void axdriver_memory_free(void *memory, size_t bytes)
{
	free_memory(memory, bytes);
}

uint64_t axdriver_bus_address(const void *memory)
{
	const virtio_device_t any = { .memory = &axdriver_virtio_memory };
	return virtio_device_bus_address(&any, memory);
}

void axdriver_init(void)
{
	if (s_is_probed)
		return;
	s_is_probed = true;
	axalloc_provide_frames(); /* windows onto devices need page tables, in images without feature `paging` too */
	axhal_image_place_t image = axhal_image_place();
	axdriver_virtio_memory.image_start = image.start;
	axdriver_virtio_memory.image_bytes = image.bytes;
	axdriver_virtio_memory.image_offset = image.start_paddr - image.start;
	axdriver_virtio_memory.offset = (uint64_t)0 - AX_CONFIG_DIRECT_MAP_VADDR;
#if AXDRIVER_FEATURE_PCI
	axdriver_pci_probe();
#endif
#if AXDRIVER_FEATURE_MMIO
	axdriver_mmio_probe();
#endif
}

bool axdriver_virtio_add(virtio_device_t *device)
{
	if (s_count == sizeof s_devices / sizeof *s_devices)
		return false;
	ax_info("%s: virtio device of type %u", device->address, device->id);
	s_devices[s_count++] = device;
	return true;
}

virtio_device_t *axdriver_virtio_take(uint32_t id)
{
	for (size_t i = 0; i < s_count; i++) {
		virtio_device_t *device = s_devices[i];
		if (device && device->id == id) {
			s_devices[i] = NULL;
			return device;
		}
	}
	return NULL;
}

ax_err_t axdriver_virtio_on_interrupt([[maybe_unused]] virtio_device_t *device,
				      [[maybe_unused]] void (*handler)(void *argument), [[maybe_unused]] void *argument)
{
#if AXDRIVER_FEATURE_INTERRUPTS && AXDRIVER_FEATURE_PCI
	if (axdriver_pci_has(device))
		return axdriver_pci_on_interrupt(device, handler, argument);
#endif
#if AXDRIVER_FEATURE_INTERRUPTS && AXDRIVER_FEATURE_MMIO
	if (axdriver_mmio_has(device))
		return axdriver_mmio_on_interrupt(device, handler, argument);
#endif
	return AX_ERR_NOT_SUPPORTED;
}
