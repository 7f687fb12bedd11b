/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that must not be touched: SIGSEGV and SIGBUS, handlers that mend and return, and ones that leave. */
#include "filetest.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

enum { PAGE = 4096, PAGES = 4 };

static sigjmp_buf s_escape;
static volatile int s_signal, s_code, s_faults;
static char *volatile s_address;

static void note(int number, siginfo_t *info)
{
	s_signal = number;
	s_code = info->si_code;
	s_address = info->si_addr;
	s_faults++;
}

static void escape(int number, siginfo_t *info, void *context)
{
	(void)context;
	note(number, info);
	siglongjmp(s_escape, 1);
}

/* Uses whatever registers copies use, on the way. */
static void mend(int number, siginfo_t *info, void *context)
{
	static char there[2 * PAGE], back[2 * PAGE];
	(void)context;
	note(number, info);
	memset(there, s_faults, sizeof there);
	memcpy(back, there, sizeof back);
	CHECK(mprotect((void *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE) == 0);
}

static void handle(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigemptyset(&action.sa_mask);
	s_faults = 0;
	CHECK(sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0);
}

static void no_handlers(void)
{
	CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR && signal(SIGBUS, SIG_DFL) != SIG_ERR);
}

/* Whether touching it is this signal, with this code and address. */
static bool refused(char *address, bool write, int number, int code)
{
	s_signal = 0;
	atomic_signal_fence(memory_order_seq_cst);
	if (sigsetjmp(s_escape, 1) == 0) {
		if (write)
			*(volatile char *)address = 'x';
		else
			(void)*(volatile char *)address;
	}
	return s_signal == number && s_code == code && s_address == address;
}

static char *map_pages(int flags, int fd)
{
	char *pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);
	CHECK(pages != MAP_FAILED);
	return pages;
}

void mended_accesses(void)
{
	static char text[PAGES * PAGE];
	char *pages = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	handle(mend);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7 + i / PAGE);
	CHECK(mprotect(pages, PAGES * PAGE, PROT_NONE) == 0);
	memcpy(pages, text, sizeof text); /* one access for each page, wherever the copy begins */
	atomic_signal_fence(memory_order_seq_cst);
	CHECK(s_faults == PAGES && s_signal == SIGSEGV && s_code == SEGV_ACCERR);
	CHECK(memcmp(pages, text, sizeof text) == 0);
	CHECK(mprotect(pages, PAGE, PROT_READ) == 0 && pages[5] == text[5]);
	*(volatile char *)(pages + 5) = 'w';
	CHECK(s_faults == PAGES + 1 && s_address == pages + 5 && pages[5] == 'w');
	CHECK(munmap(pages, PAGES * PAGE) == 0);
	no_handlers();
}

void refused_accesses(void)
{
	char *pages = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	handle(escape);
	memset(pages, 'p', PAGES * PAGE);
	CHECK(munmap(pages + PAGE, PAGE) == 0); /* a part */
	CHECK(refused(pages + PAGE + 7, false, SIGSEGV, SEGV_MAPERR) && pages[0] == 'p' && pages[2 * PAGE] == 'p');
	CHECK_FAILS(mprotect(pages, PAGES * PAGE, PROT_READ), ENOMEM);
	CHECK(mmap(pages + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == pages + PAGE);
	CHECK(pages[PAGE] == 0 && refused(pages + PAGE, true, SIGSEGV, SEGV_ACCERR));
	CHECK(mprotect(pages, PAGES * PAGE, PROT_READ) == 0 && refused(pages + 3 * PAGE, true, SIGSEGV, SEGV_ACCERR));
	CHECK(munmap(pages, PAGES * PAGE) == 0 && refused(pages, true, SIGSEGV, SEGV_MAPERR));
	CHECK(munmap(pages, PAGE) == 0); /* nothing is mapped there */
	no_handlers();
}

void behind_the_end(void)
{
	const int fd = open("map", O_RDWR | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, "short", 5) == 5);
	char *pages = map_pages(MAP_SHARED, fd), *own = map_pages(MAP_PRIVATE, fd);
	handle(escape);
	CHECK(memcmp(pages, "short\0", 6) == 0 && pages[PAGE - 1] == 0);
	CHECK(refused(pages + PAGE, false, SIGBUS, BUS_ADRERR) && refused(own + 2 * PAGE, true, SIGBUS, BUS_ADRERR));
	CHECK(ftruncate(fd, 2 * PAGE) == 0 && pages[PAGE] == 0);
	pages[PAGE] = 'g';
	char byte;
	CHECK(pread(fd, &byte, 1, PAGE) == 1 && byte == 'g');
	CHECK(refused(pages + 2 * PAGE, true, SIGBUS, BUS_ADRERR));
	CHECK(pwrite(fd, "w", 1, 3 * PAGE) == 1 && pages[3 * PAGE] == 'w');
	CHECK(ftruncate(fd, 3) == 0 && refused(pages + PAGE, false, SIGBUS, BUS_ADRERR));
	CHECK(ftruncate(fd, PAGES * PAGE) == 0 && memcmp(pages, "sho\0\0\0", 6) == 0 && pages[PAGE] == 0);
	CHECK(munmap(own, PAGES * PAGE) == 0);

	/* Over what was mapped. */
	char *place = map_pages(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	CHECK(munmap(pages, PAGES * PAGE) == 0);
	CHECK(mmap(place + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == place + PAGE);
	CHECK(memcmp(place + PAGE, "sho", 4) == 0 && place[0] == 0 && refused(place + PAGE, true, SIGSEGV, SEGV_ACCERR));
	CHECK(mprotect(place + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
	place[PAGE] = 'S';
	CHECK(munmap(place, PAGES * PAGE) == 0 && pread(fd, &byte, 1, 0) == 1 && byte == 'S');

	const int reader = open("map", O_RDONLY);
	char *shown = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
	CHECK(shown != MAP_FAILED);
	CHECK_FAILS(mprotect(shown, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK(mlock(shown, PAGE) == 0);
	CHECK_FAILS(msync(shown, PAGE, MS_SYNC | MS_INVALIDATE), EBUSY);
	CHECK(munlock(shown, PAGE) == 0 && msync(shown, PAGE, MS_SYNC | MS_INVALIDATE) == 0);
	CHECK(munmap(shown, PAGE) == 0);
	CHECK_FAILS(msync(shown, PAGE, MS_SYNC), ENOMEM);
	CHECK(close(reader) == 0 && close(fd) == 0 && unlink("map") == 0);
	no_handlers();
}
