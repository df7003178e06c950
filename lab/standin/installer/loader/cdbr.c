/* The boot block of the CD: 2048 bytes that find the loader and start it, where OpenBSD's look for it. */
#include "loader.h"

#define LOADER 0x1000 /* segment */

void boot(void)
{
	static const char *const paths[] = { "/CDBOOT", "/" VERSION "/AMD64/CDBOOT" };
	struct file file;
	print("CD-ROM: stand-in\nLoading /" VERSION "/AMD64/CDBOOT\n");
	for (int i = 0; i < 2; i++) {
		if (find(paths[i], &file))
			continue;
		if (read_sectors(file.sector, (file.size + SECTOR - 1) / SECTOR, LOADER))
			break;
		__asm__ volatile("movb %0, %%dl\n\tljmp %1, $0" : : "m"(drive), "i"(LOADER) : "edx");
	}
	print("Can't find /cdboot\n");
}
