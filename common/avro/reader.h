#ifndef COOP_AVRO_READER_H
#define COOP_AVRO_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/avro/reason.h"
#include "common/base/compiler.h"

/*
 * Reads Avro's binary encoding from foreign bytes: every length is compared with what is
 * left, every number with its width. On a fault the reason is kept, `at` stays where the
 * faulty value begins or near it, and nothing more is read.
 */
struct reader {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
    enum reason reason; /**< REASON_NONE until a fault. */
};

static inline size_t reader_left(const struct reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/** Always false, so that a caller can return it. */
static inline bool reader_fail(struct reader *reader, enum reason reason)
{
    reader->reason = reason;
    return false;
}

/** The general case of reader_long(). */
MUST_USE bool reader_long_slowly(struct reader *reader, int64_t *out);

/** A zig-zag number of at most 10 bytes and 64 bits. */
MUST_USE static inline bool reader_long(struct reader *reader, int64_t *out)
{
    /* Most numbers of most events take one byte: indexes, counts and lengths below 64. */
    if (reader->at < reader->end && *reader->at < 0x80) {
        uint64_t raw = *reader->at++;

        *out = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);
        return true;
    }
    return reader_long_slowly(reader, out);
}

MUST_USE static inline bool reader_int(struct reader *reader, int64_t *out)
{
    if (!reader_long(reader, out))
        return false;
    if (*out < INT32_MIN || *out > INT32_MAX)
        return reader_fail(reader, REASON_MALFORMED);
    return true;
}

/** `length` bytes as they are; *out points into the body. */
MUST_USE static inline bool reader_fixed(struct reader *reader, size_t length, const uint8_t **out)
{
    if (length > reader_left(reader))
        return reader_fail(reader, REASON_TRUNCATED);
    *out = reader->at;
    reader->at += length;
    return true;
}

/** A length and that many bytes; *out points into the body. */
MUST_USE static inline bool reader_bytes(struct reader *reader, const uint8_t **out, size_t *length)
{
    int64_t announced;

    if (!reader_long(reader, &announced))
        return false;
    if (announced < 0)
        return reader_fail(reader, REASON_MALFORMED);
    if ((uint64_t)announced > reader_left(reader))
        return reader_fail(reader, REASON_TRUNCATED);
    *length = (size_t)announced;
    return reader_fixed(reader, *length, out);
}

/** The same for text: well-formed UTF-8 without U+0000. */
MUST_USE bool reader_string(struct reader *reader, const uint8_t **out, size_t *length);

/** 0 or 1. */
MUST_USE bool reader_boolean(struct reader *reader, int64_t *out);

MUST_USE bool reader_float(struct reader *reader, double *out);
MUST_USE bool reader_double(struct reader *reader, double *out);

/** An index from 0 to `count` - 1; else `reason`. */
MUST_USE static inline bool reader_index(struct reader *reader, size_t count, enum reason reason,
                                         size_t *out)
{
    int64_t index;

    if (!reader_long(reader, &index))
        return false;
    if (index < 0 || (uint64_t)index >= count)
        return reader_fail(reader, reason);
    *out = (size_t)index;
    return true;
}

/* The blocks of an array or a map. */
struct reader_blocks {
    int64_t left;             /**< Items of this block still to come. */
    const uint8_t *block_end; /**< Where it says it ends; NULL where it does not say. */
};

/**
 * Is there another item? Begin with a zeroed `blocks`; call before each item.
 *
 * @return false at the end of the last block, and on a fault (see reader->reason).
 */
MUST_USE bool reader_next_item(struct reader *reader, struct reader_blocks *blocks);

#endif
