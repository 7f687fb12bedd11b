/* SPDX-License-Identifier: Apache-2.0 */
/* A bus of two devices: registers in memory, of which the bits that a mask names can be written. */
#include <axtest.h>
#include <pci/pci.h>

enum { DEVICES = 3, BYTES = 4096 };

static _Alignas(4) uint8_t s_config[DEVICES][BYTES], s_mask[DEVICES][BYTES];

static uint32_t model_read(uintptr_t base, size_t offset, unsigned bytes)
{
	CHECK_EQ(base, 7);
	CHECK_EQ(offset % bytes, 0);
	uint32_t value = UINT32_MAX;
	size_t device = offset >> 15, at = offset & 0x7fff;
	if (device < DEVICES && at < BYTES)
		memcpy(&value, &s_config[device][at], bytes);
	return bytes == 4 ? value : value & ((1u << 8 * bytes) - 1);
}

static void model_write(uintptr_t base, size_t offset, unsigned bytes, uint32_t value)
{
	CHECK_EQ(base, 7);
	for (unsigned i = 0; i < bytes; i++) {
		uint8_t *at = &s_config[offset >> 15][(offset & 0x7fff) + i], mask = s_mask[offset >> 15][(offset & 0x7fff) + i];
		*at = (uint8_t)((*at & ~mask) | (value >> 8 * i & mask));
	}
}

static const pci_window_t s_window = { 7, 1, model_read, model_write };
static const pci_function_t s_device = { &s_window, 0, 1, 0 };

static void set32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, 4);
}

/* Device 1: a 4 KiB BAR 1, a wide 16 KiB BAR 4, I/O BAR 0, MSI-X with three vectors; device 0 and 2 absent. */
static void fresh(void)
{
	memset(s_config, 0, sizeof s_config);
	memset(s_mask, 0, sizeof s_mask);
	memset(s_config[0], 0xff, BYTES);
	memset(s_config[2], 0xff, BYTES);
	uint8_t *config = s_config[1], *mask = s_mask[1];
	set32(config + PCI_VENDOR_ID, 0x10421af4);
	config[PCI_STATUS] = 0x10;
	memset(mask + PCI_COMMAND, 0xff, 2);
	config[PCI_BAR0] = 1;
	set32(mask + PCI_BAR0, 0xffffff80);
	set32(mask + PCI_BAR0 + 4, 0xfffff000);
	config[PCI_BAR0 + 16] = 0xc;
	set32(mask + PCI_BAR0 + 16, 0xffffc000);
	set32(mask + PCI_BAR0 + 20, 0xffffffff);
	config[PCI_CAPABILITIES] = 0x40;
	memcpy(config + 0x40, (uint8_t[]){ PCI_CAPABILITY_VENDOR, 0x50 }, 2);
	memcpy(config + 0x50, (uint8_t[]){ PCI_CAPABILITY_MSIX, 0x60, 2, 0x40, 1, 8, 0, 0 }, 8);
	memcpy(config + 0x60, (uint8_t[]){ PCI_CAPABILITY_VENDOR, 0 }, 2);
	mask[0x53] = 0xc0;
}

TEST(functions_are_found_and_nothing_else)
{
	fresh();
	pci_function_t function = { &s_window, 0, 0, 0 };
	CHECK(pci_find(&function));
	CHECK_EQ(function.device, 1);
	CHECK_EQ(pci_read(&function, PCI_DEVICE_ID, 2), 0x1042);
	CHECK(!pci_find_next(&function));
}

TEST(capabilities_are_found_one_after_the_other)
{
	fresh();
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0), 0x40);
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0x40), 0x60);
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0x60), 0);
	CHECK_EQ(pci_find_capability(&s_device, 0x77, 0), 0);
}

TEST(a_list_of_capabilities_that_is_a_ring_ends)
{
	fresh();
	s_config[1][0x61] = 0x40;
	CHECK_EQ(pci_find_capability(&s_device, 0x77, 0), 0);
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0x40), 0x60);
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0x60), 0);
	s_config[1][PCI_STATUS] = 0;
	CHECK_EQ(pci_find_capability(&s_device, PCI_CAPABILITY_VENDOR, 0), 0);
}

TEST(the_size_of_a_bar_is_found_and_its_address_kept)
{
	fresh();
	set32(s_config[1] + PCI_BAR0 + 4, 0xfe001000);
	pci_bar_t bar = pci_bar(&s_device, 1);
	CHECK_EQ(bar.address, 0xfe001000);
	CHECK_EQ(bar.bytes, 4096);
	CHECK(!bar.is_wide);
	CHECK_EQ(pci_bar(&s_device, 1).address, 0xfe001000);
	CHECK_EQ(pci_bar(&s_device, 0).bytes, 0);
	CHECK_EQ(pci_bar(&s_device, 2).bytes, 0);
	CHECK_EQ(pci_bar(&s_device, 6).bytes, 0);
	bar = pci_bar(&s_device, 4);
	CHECK_EQ(bar.bytes, 16384);
	CHECK(bar.is_wide);
}

TEST(bars_without_an_address_get_one_by_their_size)
{
	fresh();
	pci_space_t space = { 0xc0000100, 0xc0010000 };
	CHECK_EQ(pci_assign_bars(&s_device, &space), AX_OK);
	CHECK_EQ(pci_bar(&s_device, 1).address, 0xc0001000);
	CHECK_EQ(pci_bar(&s_device, 4).address, 0xc0004000);
	CHECK_EQ(space.next, 0xc0008000);
	CHECK_EQ(pci_assign_bars(&s_device, &space), AX_OK);
	CHECK_EQ(space.next, 0xc0008000);
	fresh();
	space = (pci_space_t){ 0xc0000100, 0xc0007000 };
	CHECK_EQ(pci_assign_bars(&s_device, &space), AX_ERR_NO_SPACE);
	CHECK_EQ(pci_bar(&s_device, 4).address, 0);
}

TEST(msi_is_set_where_the_capability_has_its_data)
{
	fresh();
	CHECK(!pci_msi_enable(&s_device, 0xfee00000, 0x51)); /* it has none */
	uint8_t *config = s_config[1];
	memcpy(config + 0x60, (uint8_t[]){ PCI_CAPABILITY_MSI, 0, 0x70, 0 }, 4);
	memset(s_mask[1] + 0x62, 0xff, 14);
	CHECK(!pci_msi_enable(&s_device, 0x1fee00000, 0x51)); /* out of its reach */
	CHECK(pci_msi_enable(&s_device, 0xfee00000, 0x51));
	CHECK(pci_read(&s_device, 0x64, 4) == 0xfee00000 && pci_read(&s_device, 0x68, 2) == 0x51);
	CHECK_EQ(pci_read(&s_device, 0x62, 2), 1);
	config[0x62] = 0x80;
	CHECK(pci_msi_enable(&s_device, 0x1fee00000, 0x52));
	CHECK(pci_read(&s_device, 0x68, 4) == 1 && pci_read(&s_device, 0x6c, 2) == 0x52);
	pci_enable(&s_device);
	pci_use_line(&s_device);
	CHECK_EQ(pci_read(&s_device, PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

TEST(msix_is_found_set_and_enabled)
{
	fresh();
	pci_msix_t msix = pci_msix(&s_device);
	CHECK_EQ(msix.capability, 0x50);
	CHECK_EQ(msix.vectors, 3);
	CHECK_EQ(msix.bar, 1);
	CHECK_EQ(msix.offset, 0x800);
	uint32_t table[12];
	memset(table, 0xff, sizeof table);
	pci_msix_set(table, 1, 0x1fee00000, 0x51);
	CHECK(table[4] == 0xfee00000 && table[5] == 1 && table[6] == 0x51 && table[7] == 0);
	CHECK_EQ(table[3], UINT32_MAX);
	pci_msix_enable(&s_device, &msix);
	CHECK_EQ(pci_read(&s_device, 0x52, 2), 0x8002);
	pci_enable(&s_device);
	CHECK_EQ(pci_read(&s_device, PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_NO_INTX);
}
