#include "loader.h"

extern int on_com0;
extern uint32_t speed;

void put(int c);
int key(void);
uint32_t ticks(void);
void set_speed(uint32_t);

/* Starts a kernel of the CD; comes back if it cannot. */
void start_kernel(const char *path);
