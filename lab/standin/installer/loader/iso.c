/* ISO 9660 as OpenBSD's loaders read it: the names in the directory records, in upper case, with or
 * without version; neither Rock Ridge nor Joliet. */
#include "loader.h"

#define SCRATCH 0x3000 /* segment of a sector that is looked at */

static void console(int c)
{
	struct registers r = { .eax = 0x0e00 | c, .ebx = 7 };
	bios(0x10, &r);
}

__attribute__((weak)) void put(int c) { console(c); }

void print(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
}

int read_sectors(uint32_t sector, uint16_t count, uint16_t segment)
{
	struct {
		uint8_t size, zero;
		uint16_t count, offset, segment;
		uint64_t sector;
	} packet = { 16, 0, count, 0, segment, sector };
	struct registers r = { .eax = 0x4200, .edx = drive, .esi = (uint32_t)&packet };
	bios(0x13, &r);
	return r.flags & CARRY;
}

static uint8_t peek(uint16_t at)
{
	uint8_t value;
	__asm__ volatile("movw %1, %%fs\n\tmovb %%fs:(%2), %0" : "=q"(value) : "r"((uint16_t)SCRATCH), "b"((uint32_t)at));
	return value;
}

static uint32_t peek32(uint16_t at)
{
	uint32_t value;
	__asm__ volatile("movw %1, %%fs\n\tmovl %%fs:(%2), %0" : "=r"(value) : "r"((uint16_t)SCRATCH), "b"((uint32_t)at));
	return value;
}

static void record(uint16_t at, struct file *file)
{
	file->sector = peek32(at + 2);
	file->size = peek32(at + 10);
	file->directory = peek(at + 25) & 2;
}

/* Whether the record at `at` has the first name of the path; gives the path after it. */
static const char *named(uint16_t at, const char *path)
{
	uint8_t length = peek(at + 32);
	int i;
	for (i = 0; i < length && *path && *path != '/'; i++, path++)
		if (peek(at + 33 + i) != *path)
			return NULL;
	if (*path && *path != '/')
		return NULL;
	if (i < length && peek(at + 33 + i) == '.')
		i++;
	return i == length || peek(at + 33 + i) == ';' ? path : NULL;
}

int find(const char *path, struct file *file)
{
	if (read_sectors(16, 1, SCRATCH))
		return 1;
	record(156, file);
	while (*path == '/') {
		const char *rest = NULL;
		uint32_t sector = file->sector, end = sector + file->size / SECTOR;
		path++;
		for (; !rest && sector < end; sector++) {
			if (read_sectors(sector, 1, SCRATCH))
				return 1;
			for (uint16_t at = 0; at < SECTOR && peek(at); at += peek(at)) {
				rest = named(at, path);
				if (rest) {
					record(at, file);
					break;
				}
			}
		}
		if (!rest || (*rest && !file->directory))
			return 1;
		path = rest;
	}
	return file->directory != 0;
}
