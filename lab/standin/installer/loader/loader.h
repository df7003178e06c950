/* What the two programs of the CD share: the BIOS, and plain ISO 9660. */
#include <stddef.h>
#include <stdint.h>

#define SECTOR 2048
#define CARRY 1

struct registers {
	uint32_t eax, ebx, ecx, edx, esi, edi, es, flags;
};

void bios(int number, struct registers *) __attribute__((regparm(2)));
extern uint8_t drive;

void print(const char *);

/* Reads whole sectors to segment:0; 0 is success. */
int read_sectors(uint32_t sector, uint16_t count, uint16_t segment);

struct file {
	uint32_t sector, size;
	int directory;
};

/* Finds a path whose names are upper case as the records have them; 0 is success. */
int find(const char *path, struct file *);
