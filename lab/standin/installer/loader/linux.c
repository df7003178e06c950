/* Starts Linux from a file that is a bzImage, filled up to a whole sector, and an initrd after it
 * (Documentation/x86/boot.rst, the 16-bit protocol). */
#include "cdboot.h"

#define BUFFER 0x3000u /* segment of what was just read */
#define CHUNK 16       /* sectors */
#define REAL 0x9000u   /* segment of the kernel's 16-bit part */
#define KERNEL 0x100000u
#define COMMAND_LINE 0xe000
#define HIGHEST 0x37000000u

static uint8_t header[2 * SECTOR];
static char arguments[256];

static uint32_t get32(uint32_t at) { return *(uint32_t *)(header + at); }

static void poke(uint16_t segment, uint32_t at, uint8_t value)
{
	__asm__ volatile("movw %0, %%fs\n\tmovb %1, %%fs:(%2)" : : "r"(segment), "q"(value), "b"(at) : "memory");
}

static uint8_t peek(uint16_t segment, uint32_t at)
{
	uint8_t value;
	__asm__ volatile("movw %1, %%fs\n\tmovb %%fs:(%2), %0" : "=q"(value) : "r"(segment), "b"(at));
	return value;
}

static void poke32(uint32_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		poke(REAL, at + i, value >> (8 * i));
}

/* Copies from the buffer to anywhere: int 15h, function 87h. */
static int lift(uint32_t to, uint32_t bytes)
{
	static uint64_t table[6];
	const uint64_t data = 0x0000930000000000ull | 0xffff;
	uint32_t from = BUFFER * 16;
	uint16_t here;
	table[2] = data | (uint64_t)(from & 0xffffff) << 16;
	table[3] = data | (uint64_t)(to & 0xffffff) << 16 | (uint64_t)(to >> 24) << 56;
	__asm__ volatile("movw %%ds, %0" : "=r"(here));
	struct registers r = { .eax = 0x8700, .ecx = (bytes + 1) / 2, .esi = (uint32_t)table, .es = here };
	bios(0x15, &r);
	return r.flags & CARRY;
}

/* Loads bytes of the CD from a sector on to an address above 1 MiB, without the first `skip`. */
static int load(uint32_t sector, uint32_t skip, uint32_t bytes, uint32_t to)
{
	uint32_t done = 0;
	sector += skip / SECTOR;
	skip %= SECTOR;
	while (done < bytes) {
		/* What is skipped is moved off, so that every chunk but the first starts at a sector. */
		uint32_t count = (skip + bytes - done + SECTOR - 1) / SECTOR;
		if (count > CHUNK)
			count = CHUNK;
		uint32_t got = count * SECTOR - skip;
		if (read_sectors(sector, count, BUFFER))
			return 1;
		for (uint32_t i = 0; skip && i < got; i++)
			poke(BUFFER, i, peek(BUFFER, i + skip));
		if (got > bytes - done)
			got = bytes - done;
		if (lift(to + done, got))
			return 1;
		done += got;
		sector += count;
		skip = 0;
	}
	return 0;
}

/* The end of memory below 4 GiB, as old programs see it. */
static uint32_t memory(void)
{
	struct registers r = { .eax = 0xe801 };
	bios(0x15, &r);
	return 0x1000000 + ((r.edx & 0xffff) << 16);
}

static int append(int at, const char *text)
{
	while (*text)
		arguments[at++] = *text++;
	return at;
}

static void command_line(void)
{
	char digits[8];
	int n = 0, at = append(0, "quiet loglevel=1 mitigations=off init_on_alloc=0 no5lvl nosmap nosmep nopku nokaslr norandmaps clocksource=acpi_pm tsc=unstable panic=5 console=");
	if (on_com0) {
		at = append(at, "ttyS0,");
		for (uint32_t v = speed; v; v /= 10)
			digits[n++] = '0' + v % 10;
		while (n)
			arguments[at++] = digits[--n];
	} else {
		at = append(at, "tty0");
	}
	for (int i = 0; i <= at; i++)
		poke(REAL, COMMAND_LINE + i, i < at ? arguments[i] : 0);
}

static int load_kernel(struct file *file)
{
	uint32_t setup, kernel, whole, end, initrd;
	if (read_sectors(file->sector, 2, BUFFER))
		return 1;
	for (uint32_t i = 0; i < sizeof header; i++)
		header[i] = peek(BUFFER, i);
	if (get32(0x202) != 0x53726448) /* "HdrS" */
		return 1;
	setup = ((header[0x1f1] ? header[0x1f1] : 4) + 1) * 512;
	kernel = get32(0x1f4) * 16;
	whole = (setup + kernel + SECTOR - 1) / SECTOR * SECTOR;
	if (file->size <= whole || read_sectors(file->sector, (setup + SECTOR - 1) / SECTOR, REAL))
		return 1;
	if (load(file->sector, setup, kernel, KERNEL))
		return 1;
	end = memory() - 0x100000;
	if (end > HIGHEST)
		end = HIGHEST;
	initrd = (end - (file->size - whole)) & ~0xfffu;
	if (load(file->sector, whole, file->size - whole, initrd))
		return 1;
	command_line();
	poke(REAL, 0x210, 0xff);                          /* type_of_loader: none of those known */
	poke(REAL, 0x211, header[0x211] | 0x80);          /* loadflags: there is a heap */
	poke32(0x218, initrd);
	poke32(0x21c, file->size - whole);
	poke(REAL, 0x224, (COMMAND_LINE - 0x200) & 0xff); /* heap_end_ptr */
	poke(REAL, 0x225, (COMMAND_LINE - 0x200) >> 8);
	poke32(0x228, REAL * 16 + COMMAND_LINE);
	return 0;
}

void start_kernel(const char *path)
{
	static char upper[80];
	struct file file;
	int i;
	for (i = 0; i < 79 && path[i]; i++)
		upper[i] = path[i] >= 'a' && path[i] <= 'z' ? path[i] - 32 : path[i];
	upper[i] = 0;
	print("booting cd0a:");
	print(path);
	if (find(upper, &file)) {
		print(": No such file or directory\n");
		return;
	}
	print(": ");
	if (load_kernel(&file)) {
		print("cannot load it\n");
		return;
	}
	print("done\n");
	__asm__ volatile("cli\n\tmovw %0, %%ds\n\tmovw %0, %%es\n\tmovw %0, %%fs\n\tmovw %0, %%gs\n\tmovw %0, %%ss\n\t"
			 "movl $0xe000, %%esp\n\tljmp $0x9020, $0"
			 : : "r"((uint16_t)REAL));
}
