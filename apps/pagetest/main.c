/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's page tables, changed while they are in use: what a change of rights does to the page, to its other
 * view if the machine has two of them (machine.h), and to its neighbours; that nothing changes when frames are missing. A write that
 * faults is recognized by a page-fault handler, which gives the right back. Machines with 2 GiB.
 */
#include <axalloc/axalloc.h>
#include <axerrno/axerrno.h>
#include <axhal/mem.h>
#include <axhal/paging.h>
#include <axhal/trap.h>
#include <axstd/axstd.h>
#include <machine.h>
#include <memory_addr/memory_addr.h>

#define GIB UINT64_C(0x40000000)

enum { PAGES_2M = 512 };

static volatile vaddr_t s_mend, s_faulted;
static bool s_has_frames;
static unsigned s_frames;
static _Alignas(PAGE_SIZE) volatile char s_page[3][PAGE_SIZE];

static bool on_page_fault([[maybe_unused]] axhal_trap_frame_t *frame, const axhal_page_fault_t *fault)
{
	s_faulted = fault->vaddr;
	return fault->write && axhal_protect(s_mend, PAGE_SIZE, AXHAL_ACCESS_READ_WRITE) == AX_OK;
}

/* In the middle of the GiB behind the image's. */
static vaddr_t in_second_gib(void)
{
	paddr_t image = axhal_virt_to_phys((void *)direct_view((vaddr_t)s_page));
	return (vaddr_t)axhal_phys_to_virt(align_down(image, GIB) + GIB + GIB / 2 + 3 * PAGE_SIZE);
}

static paddr_t take_frame(void)
{
	vaddr_t page = s_has_frames ? axalloc_pages(1, PAGE_SIZE) : 0;
	s_frames += page != 0;
	return page ? axhal_virt_to_phys((void *)page) : 0;
}

/* Whether a write to @p vaddr faults, until page @p mend of the direct map may be written again. */
static bool write_faults(vaddr_t vaddr, vaddr_t mend)
{
	volatile char *byte = (volatile char *)vaddr;
	s_faulted = 0;
	s_mend = mend;
	*byte = 7;
	return s_faulted == vaddr;
}

static bool writable(vaddr_t vaddr)
{
	return !write_faults(vaddr, 0);
}

static void check(const char *what, bool holds)
{
	ax_print("%s: %s\n", what, holds ? "yes" : "NO");
}

static bool protect(vaddr_t vaddr, size_t pages, axhal_access_t access)
{
	return axhal_protect(vaddr, pages * PAGE_SIZE, access) == AX_OK;
}

static void image(void)
{
	vaddr_t view = (vaddr_t)s_page[1];
	vaddr_t direct = direct_view(view);
	check("a page of the image is seen in the direct map", writable(direct) && s_page[1][0] == 7);
	check("read-only there, it is read-only in the image",
	      writable(view) && protect(direct, 1, AXHAL_ACCESS_READ) && s_page[1][0] == 7 && write_faults(view, direct));
	check("without rights, it faults", protect(direct, 1, AXHAL_ACCESS_NONE) && write_faults(direct, direct));
	check("its neighbours are as before", writable((vaddr_t)s_page[0]) && writable((vaddr_t)s_page[2]));
}

static void many_pages(void)
{
	vaddr_t pages = axalloc_pages(3 * PAGES_2M, PAGE_SIZE);
	vaddr_t view = other_view(pages);
	check("free memory is seen twice", pages && writable(pages) && writable(view));
	check("a range across large pages is made read-only", protect(pages, 3 * PAGES_2M, AXHAL_ACCESS_READ));
	vaddr_t inside = pages + 900 * PAGE_SIZE;
	check("both views of it are", write_faults(view, pages) && write_faults(inside, inside));
	check("and writable again", protect(pages, 3 * PAGES_2M, AXHAL_ACCESS_READ_WRITE) && writable(view));
}

static void no_frames(void)
{
	vaddr_t page = in_second_gib();
	s_has_frames = false;
	check("without a frame nothing changes",
	      axhal_protect(page, PAGE_SIZE, AXHAL_ACCESS_READ) == AX_ERR_NO_MEMORY && writable(page));
	s_has_frames = true;
	s_frames = 0;
	check("with frames a page of a GiB is split off", protect(page, 1, AXHAL_ACCESS_READ) && s_frames > 0);
	check("it alone", writable(page - 1) && writable(page + PAGE_SIZE) && write_faults(page, page));
}

static void refusals(void)
{
	vaddr_t page = in_second_gib();
	check("what is not pages of the direct map is refused",
	      axhal_protect(page + 1, PAGE_SIZE, AXHAL_ACCESS_READ) == AX_ERR_INVALID_INPUT &&
		      axhal_protect(page, 0, AXHAL_ACCESS_READ) == AX_ERR_INVALID_INPUT &&
		      axhal_protect(outside((vaddr_t)s_page), PAGE_SIZE, AXHAL_ACCESS_READ) == AX_ERR_INVALID_INPUT);
}

static void windows(void)
{
	const volatile uint32_t *window = axhal_map_device(DEVICE_PADDR, PAGE_SIZE);
	check("a device has a window", window != NULL);
	check("asked for again, the same", axhal_map_device(DEVICE_PADDR, PAGE_SIZE) == (void *)(uintptr_t)window);
	check("one across large pages, and one far up",
	      axhal_map_device(ACROSS_PADDR, 0x300000) && axhal_map_device(FAR_PADDR, PAGE_SIZE));
}

int main([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
	axhal_set_page_fault_handler(on_page_fault);
	image();
	s_has_frames = true;
	axhal_set_frame_source(take_frame);
	many_pages();
	no_frames();
	refusals();
	windows();
	return 0;
}
