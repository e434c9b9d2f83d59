#include "common/avro/reader.h"

#include "common/base/text.h"

bool reader_long_slowly(struct reader *reader, int64_t *out)
{
    enum { LONGEST = 10, LAST_SHIFT = 63 };
    uint64_t raw = 0;
    const uint8_t *at = reader->at;

    for (int i = 0; i < LONGEST; i++) {
        if (at == reader->end)
            return reader_fail(reader, REASON_TRUNCATED);
        uint8_t byte = *at++;

        /* The tenth byte has room for one bit. */
        if (7 * i == LAST_SHIFT && byte > 1)
            return reader_fail(reader, REASON_MALFORMED);
        raw |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);
            reader->at = at;
            return true;
        }
    }
    return reader_fail(reader, REASON_MALFORMED);
}

bool reader_string(struct reader *reader, const uint8_t **out, size_t *length)
{
    if (!reader_bytes(reader, out, length))
        return false;
    switch (text_check(*out, *length)) {
    case TEXT_OK:
        return true;
    case TEXT_INVALID_UTF8:
        return reader_fail(reader, REASON_INVALID_UTF8);
    case TEXT_NUL_BYTE:
        break;
    }
    return reader_fail(reader, REASON_NUL_BYTE);
}

bool reader_boolean(struct reader *reader, int64_t *out)
{
    const uint8_t *byte;

    if (!reader_fixed(reader, 1, &byte))
        return false;
    if (*byte > 1)
        return reader_fail(reader, REASON_MALFORMED);
    *out = *byte;
    return true;
}

/* Avro's floats are little-endian, whatever the machine is. */
static uint64_t little_endian(const uint8_t *bytes, size_t length)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

bool reader_float(struct reader *reader, double *out)
{
    const uint8_t *bytes;
    float value;

    if (!reader_fixed(reader, sizeof(value), &bytes))
        return false;
    uint32_t bits = (uint32_t)little_endian(bytes, sizeof(bits));
    memcpy(&value, &bits, sizeof(value));
    *out = (double)value;
    return true;
}

bool reader_double(struct reader *reader, double *out)
{
    const uint8_t *bytes;

    if (!reader_fixed(reader, sizeof(*out), &bytes))
        return false;
    uint64_t bits = little_endian(bytes, sizeof(bits));
    memcpy(out, &bits, sizeof(*out));
    return true;
}

static bool begin_block(struct reader *reader, struct reader_blocks *blocks)
{
    int64_t count;

    blocks->block_end = NULL;
    if (!reader_long(reader, &count))
        return false;
    if (count < 0) {
        int64_t size;

        if (count == INT64_MIN)
            return reader_fail(reader, REASON_MALFORMED);
        count = -count;
        if (!reader_long(reader, &size))
            return false;
        if (size < 0)
            return reader_fail(reader, REASON_MALFORMED);
        if ((uint64_t)size > reader_left(reader))
            return reader_fail(reader, REASON_TRUNCATED);
        blocks->block_end = reader->at + size;
    }
    /* Every item takes a byte at least: schemas with items of none are refused. */
    if ((uint64_t)count > reader_left(reader))
        return reader_fail(reader, REASON_TRUNCATED);
    blocks->left = count;
    return true;
}

bool reader_next_item(struct reader *reader, struct reader_blocks *blocks)
{
    if (blocks->left == 0) {
        if (blocks->block_end && blocks->block_end != reader->at)
            return reader_fail(reader, REASON_MALFORMED);
        if (!begin_block(reader, blocks) || blocks->left == 0) {
            return false;
        }
    }
    blocks->left--;
    return true;
}
