/*
 * Preloaded into iked: the order of its flows, and no interfaces of sec(4). OpenBSD's kernel finds the longest
 * prefix. Linux goes by a policy's priority, and OpenIKED gives them all the same one, so that the oldest would win.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/pfkeyv2.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * The same scale as that of flows of type bypass (internal/xfrm/bypass.go). The policies that pf's translation needs come
 * before all of these (internal/xfrm/inner.go).
 */
#define WHOLE 400000
#define BIT 512

static struct sadb_ext *extension(const struct iovec *part, unsigned kind, size_t size)
{
	struct sadb_ext *found = part->iov_base;

	return part->iov_len == size && found->sadb_ext_type == kind ? found : NULL;
}

/* The address of an extension follows it. Ports are at one place in both families. */
static int has_port(const struct iovec *part)
{
	return part->iov_len >= sizeof(struct sockaddr_in) && ((struct sockaddr_in *)part->iov_base)->sin_port != 0;
}

static void order(const struct iovec *parts, int count)
{
	unsigned length = 0, carried = 0;
	int i;

	for (i = 1; i + 1 < count; i++) {
		struct sadb_address *source = (void *)extension(&parts[i], SADB_EXT_ADDRESS_SRC, sizeof(*source));
		struct sadb_address *target = (void *)extension(&parts[i], SADB_EXT_ADDRESS_DST, sizeof(*target));
		struct sadb_address *address = source != NULL ? source : target;
		struct sadb_x_policy *policy;

		if (address != NULL) {
			length += address->sadb_address_prefixlen;
			carried |= address->sadb_address_proto != 0xff && address->sadb_address_proto != 0;
			carried |= has_port(&parts[++i]) ? 2 : 0;
			continue;
		}
		policy = (void *)extension(&parts[i], SADB_X_EXT_POLICY, sizeof(*policy));
		if (policy != NULL)
			policy->sadb_x_policy_priority = WHOLE - BIT * length - carried;
	}
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
	const struct sadb_msg *message = count > 0 ? parts[0].iov_base : NULL;

	if (count > 1 && parts[0].iov_len == sizeof(*message) && message->sadb_msg_version == PF_KEY_V2 &&
	    (message->sadb_msg_type == SADB_X_SPDADD || message->sadb_msg_type == SADB_X_SPDUPDATE))
		order(parts, count);
	return syscall(SYS_writev, file, parts, count);
}

/*
 * OpenIKED 7.2 knows no sec(4): it would make flows from anywhere to anywhere of such a policy, and take all of this
 * machine's packets. To iked the interface is not there, and it refuses the file.
 */
unsigned int if_nametoindex(const char *name)
{
	struct ifreq request = { 0 };
	unsigned int found = 0;
	int device;

	if (strncmp(name, "sec", 3) == 0 || strlen(name) >= IFNAMSIZ) {
		errno = ENXIO;
		return 0;
	}
	strcpy(request.ifr_name, name);
	device = socket(AF_INET, SOCK_DGRAM, 0);
	if (device == -1)
		return 0;
	if (ioctl(device, SIOCGIFINDEX, &request) == 0)
		found = request.ifr_ifindex;
	close(device);
	return found;
}
