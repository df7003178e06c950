/* The console of the loader: the BIOS's (pc0), or the serial port itself (com0). */
#include "cdboot.h"

#define COM0 0x3f8

int on_com0;

static void out(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }

static uint8_t in(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

void set_speed(uint32_t speed)
{
	uint16_t divisor = 115200 / speed;
	out(COM0 + 3, 0x83);
	out(COM0, divisor);
	out(COM0 + 1, divisor >> 8);
	out(COM0 + 3, 3);
}

void put(int c)
{
	if (on_com0) {
		while (!(in(COM0 + 5) & 0x20))
			;
		out(COM0, c);
	} else {
		struct registers r = { .eax = 0x0e00 | c, .ebx = 7 };
		bios(0x10, &r);
	}
}

/* A key that was pressed, or 0. */
int key(void)
{
	struct registers r = { .eax = 0x0100 };
	if (on_com0)
		return in(COM0 + 5) & 1 ? in(COM0) : 0;
	bios(0x16, &r);
	if (r.flags & 0x40) /* zero: none */
		return 0;
	r.eax = 0;
	bios(0x16, &r);
	return r.eax & 0xff;
}

/* The BIOS's clock, 18.2 a second. */
uint32_t ticks(void)
{
	struct registers r = { 0 };
	bios(0x1a, &r);
	return (r.ecx << 16) | (r.edx & 0xffff);
}
