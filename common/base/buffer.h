#ifndef COOP_BASE_BUFFER_H
#define COOP_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"

/*
 * A growing run of bytes that knows its maximum from birth.
 *
 * The appending functions return false only where the maximum would be passed; the buffer
 * then keeps what it had. Text in a buffer does not end in NUL unless
 * buffer_text() is asked for it.
 */
struct buffer {
    unsigned char *data; /**< NULL until the first byte. */
    size_t length;
    size_t capacity;
    size_t limit; /**< In bytes. */
};

/** An empty buffer that never holds more than `limit` bytes. Allocates nothing yet. */
void buffer_init(struct buffer *buffer, size_t limit);

/** Forgets the contents and keeps the memory. */
void buffer_clear(struct buffer *buffer);

/** Gives the memory back; the buffer is empty and may be used again. */
void buffer_free(struct buffer *buffer);

/**
 * Makes room for `extra` more bytes and returns where they go, or NULL where the maximum
 * would be passed. The caller writes
 * there and then adds what it wrote to `length`. The pointer is good until the next call.
 */
MUST_USE unsigned char *buffer_reserve(struct buffer *buffer, size_t extra);

MUST_USE bool buffer_append(struct buffer *buffer, const void *data, size_t length);
MUST_USE bool buffer_append_text(struct buffer *buffer, const char *text);
MUST_USE bool buffer_append_byte(struct buffer *buffer, unsigned char byte);
PRINTF_LIKE(2, 3)
MUST_USE bool buffer_append_format(struct buffer *buffer, const char *format, ...);

/** The contents with a NUL behind them (not counted in `length`), or NULL at the limit. */
MUST_USE const char *buffer_text(struct buffer *buffer);

#endif
