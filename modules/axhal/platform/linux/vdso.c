/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Find a function in the vDSO: an ELF shared object that the kernel has mapped whole, at the address in
 * AT_SYSINFO_EHDR. Its symbols are few, so they are tried one by one; how many there are, either hash table says
 * (System V ABI, chapter 5, "Hash Table"; for DT_GNU_HASH, the GNU toolchain's convention).
 */
#include "linux.h"

enum {
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	DT_NULL = 0,
	DT_HASH = 4,
	DT_STRTAB = 5,
	DT_SYMTAB = 6,
	STT_FUNC = 2,
};

#define DT_GNU_HASH 0x6ffffef5

struct elf_header {
	uint8_t identification[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, segments_offset, sections_offset;
	uint32_t flags;
	uint16_t header_bytes, segment_bytes, segments;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, file_bytes, memory_bytes, alignment;
};

struct elf_dynamic {
	int64_t tag;
	uint64_t value;
};

struct elf_symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, bytes;
};

/* Buckets hold the lowest symbol of each chain; an odd hash ends a chain. */
static uint32_t count_gnu(const uint32_t *table)
{
	uint32_t buckets = table[0], first = table[1], bloom_words = table[2];
	const uint32_t *bucket = &table[4 + 2 * bloom_words];
	const uint32_t *chain = &bucket[buckets];
	uint32_t last = 0;
	for (uint32_t i = 0; i < buckets; i++)
		last = AX_MAX(last, bucket[i]);
	if (last < first)
		return first;
	while (!(chain[last - first] & 1))
		last++;
	return last + 1;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void *axhal_linux_vdso_find(const void *vdso, const char *name)
{
	const struct elf_header *header = vdso;
	const struct elf_segment *segment = (const void *)((uintptr_t)vdso + header->segments_offset);
	const struct elf_dynamic *dynamic = NULL;
	uintptr_t offset = 0;
	for (size_t i = header->segments; i-- > 0;) { /* the first PT_LOAD decides */
		if (segment[i].type == PT_LOAD)
			offset = (uintptr_t)vdso + segment[i].offset - segment[i].vaddr;
		if (segment[i].type == PT_DYNAMIC)
			dynamic = (const void *)((uintptr_t)vdso + segment[i].offset);
	}
	const char *strings = NULL;
	const struct elf_symbol *symbols = NULL;
	uint32_t count = 0;
	for (; dynamic && dynamic->tag != DT_NULL; dynamic++) {
		const void *at = (const void *)(offset + dynamic->value);
		if (dynamic->tag == DT_STRTAB)
			strings = at;
		else if (dynamic->tag == DT_SYMTAB)
			symbols = at;
		else if (dynamic->tag == DT_HASH)
			count = ((const uint32_t *)at)[1];
		else if (dynamic->tag == DT_GNU_HASH && !count)
			count = count_gnu(at);
	}
	for (uint32_t i = 0; strings && symbols && i < count; i++)
		if ((symbols[i].info & 15) == STT_FUNC && symbols[i].section && same(strings + symbols[i].name, name))
			return (void *)(offset + symbols[i].value);
	return NULL;
}
