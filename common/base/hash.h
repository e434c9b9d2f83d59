#ifndef COOP_BASE_HASH_H
#define COOP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_BYTES = 20, SHA256_BYTES = 32 };

/** SHA-1 of two runs of bytes one after the other, as UUIDv5 wants it (RFC 9562 §5.5). */
void hash_sha1(const void *first, size_t first_length, const void *second, size_t second_length,
               uint8_t out[SHA1_BYTES]);

/** SHA-256 (FIPS 180-4). */
void hash_sha256(const void *data, size_t length, uint8_t out[SHA256_BYTES]);

#endif
