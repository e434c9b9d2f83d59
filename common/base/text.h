#ifndef COOP_BASE_TEXT_H
#define COOP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"

enum text_fault { TEXT_OK, TEXT_INVALID_UTF8, TEXT_NUL_BYTE };

/**
 * Is this what PostgreSQL takes as text: well-formed UTF-8 (no surrogates, no over-long
 * forms, nothing above U+10FFFF) without U+0000? The first fault in reading order counts.
 */
enum text_fault text_check(const void *text, size_t length);

enum { UUID_BYTES = 16, UUID_TEXT_LENGTH = 36 };

/** Reads 8-4-4-4-12 hexadecimal digits, capitals too; false for anything else. */
MUST_USE bool uuid_parse(const char *text, size_t length, uint8_t out[UUID_BYTES]);

/** Writes 36 characters in small letters and a NUL. */
void uuid_format(const uint8_t uuid[UUID_BYTES], char out[UUID_TEXT_LENGTH + 1]);

/** Writes two small hexadecimal digits a byte and a NUL: `out` holds 2 * length + 1. */
void hex_format(const void *data, size_t length, char *out);

/** Reads two hexadecimal digits a byte, capitals too: `out` holds length / 2; false for else. */
MUST_USE bool hex_parse(const char *text, size_t length, uint8_t *out);

#endif
