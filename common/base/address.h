#ifndef COOP_BASE_ADDRESS_H
#define COOP_BASE_ADDRESS_H

#include <stdbool.h>

#include "common/base/compiler.h"

enum { ADDRESS_HOST_BYTES = 256 };

/**
 * Takes HOST:PORT, [ADDRESS]:PORT or :PORT apart. An address of IPv6 stands in brackets, as in a
 * URL; without them its colons would be many. `host` is "" for :PORT, and *port points into
 * `address`.
 *
 * @return false for any other form, and for a port that is no number up to 65535.
 */
MUST_USE bool address_split(const char *address, char host[ADDRESS_HOST_BYTES], const char **port);

#endif
