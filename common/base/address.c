#include "common/base/address.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_port(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && strspn(text, "0123456789") == length && length <= 5
           && strtol(text, NULL, 10) <= UINT16_MAX;
}

bool address_split(const char *address, char host[ADDRESS_HOST_BYTES], const char **port)
{
    const char *colon = strrchr(address, ':');

    if (!colon || !is_port(colon + 1))
        return false;
    size_t length = (size_t)(colon - address);
    bool has_brackets = length >= 2 && address[0] == '[' && colon[-1] == ']';
    size_t host_length = has_brackets ? length - 2 : length;

    if (host_length >= ADDRESS_HOST_BYTES || (!has_brackets && memchr(address, ':', length)))
        return false;
    memcpy(host, has_brackets ? address + 1 : address, host_length);
    host[host_length] = '\0';
    *port = colon + 1;
    return true;
}
