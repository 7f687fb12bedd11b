/* SPDX-License-Identifier: Apache-2.0 */
/* A function whose BAR 4 is memory of the test's, as QEMU lays it out, and then with capabilities that lie. */
#include <axtest.h>
#include <virtio_pci/virtio_pci.h>

enum { BAR_BYTES = 0x4000, COMMON = 0, ISR = 0x1000, CONFIG = 0x2000, NOTIFY = 0x3000 };
#define BAR_PADDR UINT64_C(0x1c0000000)

static _Alignas(4) uint8_t s_config[4096], s_mask[4096];
static _Alignas(8) uint8_t s_bar[BAR_BYTES];
static size_t s_allocated;

static uint32_t model_read([[maybe_unused]] uintptr_t base, size_t offset, unsigned bytes)
{
	uint32_t value = 0;
	memcpy(&value, &s_config[offset & 0xfff], bytes);
	return value;
}

static void model_write([[maybe_unused]] uintptr_t base, size_t offset, unsigned bytes, uint32_t value)
{
	for (unsigned i = 0; i < bytes; i++) {
		uint8_t *at = &s_config[(offset & 0xfff) + i], mask = s_mask[(offset & 0xfff) + i];
		*at = (uint8_t)((*at & ~mask) | (value >> 8 * i & mask));
	}
}

static void *map(uint64_t paddr, size_t bytes)
{
	CHECK(paddr >= BAR_PADDR && paddr - BAR_PADDR + bytes <= BAR_BYTES);
	return s_bar + (paddr - BAR_PADDR);
}

static void *alloc(size_t bytes)
{
	s_allocated += bytes;
	return aligned_alloc(4096, (bytes + 4095) & ~(size_t)4095);
}

static void free_(void *memory, size_t bytes)
{
	s_allocated -= bytes;
	free(memory);
}

static const virtio_memory_t s_memory = { 0, 0, 0, 0x10000, alloc, free_ };
static const pci_window_t s_window = { 0, 1, model_read, model_write };
static const pci_function_t s_function = { &s_window, 0, 1, 0 };
static virtio_pci_t s_device;

static void capability(unsigned at, unsigned next, unsigned type, uint32_t offset, uint32_t bytes)
{
	memcpy(&s_config[at], (uint8_t[]){ PCI_CAPABILITY_VENDOR, (uint8_t)next, 20, (uint8_t)type, 4, 0, 0, 0 }, 8);
	memcpy(&s_config[at + 8], &offset, 4);
	memcpy(&s_config[at + 12], &bytes, 4);
	memcpy(&s_config[at + 16], &(uint32_t){ 4 }, 4);
}

static void fresh(void)
{
	memset(s_config, 0, sizeof s_config);
	memset(s_mask, 0, sizeof s_mask);
	memset(s_bar, 0, sizeof s_bar);
	memcpy(s_config, &(uint32_t){ 0x10421af4 }, 4);
	s_config[PCI_STATUS] = 0x10;
	memset(s_mask + PCI_COMMAND, 0xff, 2);
	memcpy(s_config + PCI_BAR0 + 16, &(uint64_t){ BAR_PADDR | 0xc }, 8);
	memcpy(s_mask + PCI_BAR0 + 16, &(uint64_t){ ~(uint64_t)(BAR_BYTES - 1) }, 8);
	s_config[PCI_CAPABILITIES] = 0x40;
	capability(0x40, 0x54, 1, COMMON, 0x1000);
	capability(0x54, 0x68, 2, NOTIFY, 0x1000);
	capability(0x68, 0x7c, 3, ISR, 0x1000);
	capability(0x7c, 0, 4, CONFIG, 0x1000);
	s_bar[COMMON + 4] = 1;   /* VIRTIO_F_VERSION_1, in the upper half of the features as in the lower one */
	s_bar[COMMON + 18] = 2;  /* queues */
	s_bar[COMMON + 24] = 16; /* their size */
	s_bar[COMMON + 30] = 3;  /* the doorbell's place */
}

static ax_err_t init(void)
{
	return virtio_pci_init(&s_device, &s_function, &s_memory, map, "test");
}

TEST(a_device_is_told_by_its_identifiers_and_capabilities)
{
	fresh();
	CHECK_EQ(virtio_pci_id(&s_function), VIRTIO_ID_BLOCK);
	memcpy(s_config + 2, &(uint16_t){ 0x1001 }, 2); /* transitional */
	s_config[0x2e] = 2;
	CHECK_EQ(virtio_pci_id(&s_function), VIRTIO_ID_BLOCK);
	s_config[PCI_STATUS] = 0; /* legacy */
	CHECK_EQ(virtio_pci_id(&s_function), 0);
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
}

TEST(a_queue_is_set_up_and_its_doorbell_found)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	CHECK_EQ(virtio_device_begin(&s_device.device, 0), AX_OK);
	virtio_ring_t ring;
	CHECK_EQ(virtio_device_make_ring(&s_device.device, 1, 64, 0, 0, &ring), AX_OK);
	CHECK_EQ(ring.size, 16);
	CHECK(ring.doorbell == s_bar + NOTIFY + 3 * 4);
	uint64_t place;
	memcpy(&place, s_bar + COMMON + 32, 8);
	CHECK_EQ(place, (uintptr_t)ring.descs + 0x10000);
	CHECK_EQ(s_bar[COMMON + 28], 1);
	CHECK_EQ(*(uint16_t *)(s_bar + COMMON + 26), VIRTIO_PCI_NO_VECTOR);
	CHECK_EQ(s_config[PCI_COMMAND], PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	virtio_device_free_ring(&s_device.device, &ring);
	CHECK_EQ(s_allocated, 0);
	CHECK_EQ(virtio_device_make_ring(&s_device.device, 2, 64, 0, 0, &ring), AX_ERR_NOT_FOUND);
}

TEST(interrupts_by_a_line_are_on_from_the_asking_and_say_why)
{
	fresh();
	CHECK_EQ(init(), AX_OK);
	s_config[PCI_COMMAND + 1] |= PCI_COMMAND_NO_INTX >> 8;
	CHECK_EQ(virtio_device_acknowledge(&s_device.device), VIRTIO_INTERRUPT_QUEUE); /* messages say nothing else */
	virtio_pci_use_line(&s_device);
	CHECK_EQ(s_config[PCI_COMMAND] | s_config[PCI_COMMAND + 1] << 8, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	s_bar[ISR] = VIRTIO_INTERRUPT_CONFIG;
	CHECK_EQ(virtio_device_acknowledge(&s_device.device), VIRTIO_INTERRUPT_CONFIG);
}

TEST(what_a_device_says_that_cannot_be_is_an_error)
{
	virtio_ring_t ring;
	fresh();
	s_bar[COMMON + 31] = 0xff; /* a doorbell outside of its region */
	CHECK_EQ(init(), AX_OK);
	CHECK_EQ(virtio_device_begin(&s_device.device, 0), AX_OK);
	CHECK_EQ(virtio_device_make_ring(&s_device.device, 0, 64, 0, 0, &ring), AX_ERR_IO);
	CHECK_EQ(s_allocated, 0);
	fresh();
	capability(0x40, 0x54, 1, 0x3800, 0x1000); /* leaves the BAR */
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
	fresh();
	capability(0x40, 0x54, 1, UINT32_MAX - 3, 0x1000);
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
	fresh();
	capability(0x40, 0x54, 1, COMMON, 55); /* too short */
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
	fresh();
	s_config[0x40 + 4] = 6; /* no such BAR */
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
	fresh();
	s_config[0x54 + 1] = 0x40; /* a ring of capabilities without the others */
	CHECK_EQ(init(), AX_ERR_NO_DEVICE);
}

TEST(configuration_past_the_end_reads_as_zero)
{
	fresh();
	capability(0x7c, 0, 4, CONFIG, 12);
	memcpy(s_bar + CONFIG, "0123456789abcdef", 16);
	CHECK_EQ(init(), AX_OK);
	char text[16];
	virtio_device_read_config(&s_device.device, 1, text, 15);
	CHECK(!memcmp(text, "123456789ab\0\0\0\0", 15));
}
