/* The loader: boot.conf, the prompt, and the commands of boot(8) that an installation needs. */
#include "cdboot.h"

#define LINE 80

static char image[LINE] = "/" VERSION "/amd64/bsd.rd"; /* as cdboot has it compiled in */
static uint32_t timeout = 5;
uint32_t speed = 9600;

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* Cuts the first word off. */
static char *word(char **line)
{
	char *start, *p = *line;
	while (*p == ' ' || *p == '\t')
		p++;
	for (start = p; *p && *p != ' ' && *p != '\t'; p++)
		;
	if (*p)
		*p++ = 0;
	*line = p;
	return start;
}

static uint32_t number(const char *text)
{
	uint32_t value = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (*text - '0');
	return value;
}

static void set_tty(const char *name)
{
	int com = same(name, "com0");
	if (!com && !same(name, "pc0")) {
		print(name);
		print(": no such console\n");
		return;
	}
	if (com == on_com0)
		return;
	print(com ? "switching console to com0\n" : "switching console to pc0\n");
	on_com0 = com;
	print(">> OpenBSD/amd64 CDBOOT stand-in\n");
}

static void copy(char *to, const char *from)
{
	int i;
	for (i = 0; i < LINE - 1 && from[i]; i++)
		to[i] = from[i];
	to[i] = 0;
}

static void set(char *line)
{
	char *name = word(&line), *value = word(&line);
	if (same(name, "tty"))
		set_tty(value);
	else if (same(name, "image"))
		copy(image, value);
	else if (same(name, "timeout"))
		timeout = number(value);
	else {
		print(name);
		print(": cannot be set in this stand-in\n");
	}
}

static void stty(char *line)
{
	char *name = word(&line);
	uint32_t wanted = number(word(&line));
	if (!same(name, "com0") || wanted < 300 || wanted > 115200) {
		print("stty: com0 and its speed\n");
		return;
	}
	speed = wanted;
	set_speed(wanted);
}

static void command(char *line)
{
	char *name = word(&line), *argument;
	if (!*name || *name == '#')
		return;
	if (same(name, "set"))
		set(line);
	else if (same(name, "stty"))
		stty(line);
	else if (same(name, "boot") || same(name, "b")) {
		argument = word(&line);
		start_kernel(*argument ? argument : image);
	} else {
		print(name);
		print(": not in this stand-in\n");
	}
}

/* One line that was typed; `first` is its first key. */
static void type(char *line, int first)
{
	int length = 0, c = first;
	for (;; c = key()) {
		if (c == '\r' || c == '\n')
			break;
		if ((c == 8 || c == 127) && length > 0) {
			length--;
			print("\b \b");
		} else if (c >= ' ' && c < 127 && length < LINE - 1) {
			line[length++] = c;
			put(c);
		}
	}
	line[length] = 0;
	print("\n");
}

static void configure(void)
{
	static char text[SECTOR];
	static char line[LINE];
	struct file file;
	int length = 0;
	if (find("/ETC/BOOT.CONF", &file) || read_sectors(file.sector, 1, 0x3000))
		return;
	for (uint32_t i = 0; i < SECTOR; i++)
		__asm__ volatile("movw %1, %%fs\n\tmovb %%fs:(%2), %0" : "=q"(text[i]) : "r"((uint16_t)0x3000), "b"(i));
	for (uint32_t i = 0; i < file.size && i < SECTOR; i++) {
		if (text[i] != '\n') {
			if (length < LINE - 1)
				line[length++] = text[i];
			continue;
		}
		line[length] = 0;
		length = 0;
		command(line);
	}
}

void boot(void)
{
	static char line[LINE];
	print(">> OpenBSD/amd64 CDBOOT stand-in\n");
	configure();
	for (int waits = timeout > 0;;) {
		uint32_t start = ticks();
		int c = 0;
		print("boot> ");
		while (!c && !(waits && ticks() - start > timeout * 182 / 10))
			c = key();
		if (!c) {
			print("\n");
			start_kernel(image);
		} else {
			type(line, c);
			command(line);
		}
		waits = 0;
	}
}
