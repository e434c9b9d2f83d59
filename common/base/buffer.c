#include "common/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

enum { SMALLEST_CAPACITY = 256 };

void buffer_init(struct buffer *buffer, size_t limit)
{
    *buffer = (struct buffer){.limit = limit};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->limit);
}

unsigned char *buffer_reserve(struct buffer *buffer, size_t extra)
{
    if (extra > buffer->limit - buffer->length)
        return NULL;

    size_t needed = buffer->length + extra;
    if (needed > buffer->capacity || !buffer->data) {
        size_t capacity = buffer->capacity ? buffer->capacity : SMALLEST_CAPACITY;

        while (capacity < needed)
            capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
        if (capacity > buffer->limit)
            capacity = buffer->limit;
        buffer->data = memory_resize(buffer->data, capacity, 1);
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->length;
}

bool buffer_append(struct buffer *buffer, const void *data, size_t length)
{
    unsigned char *room = buffer_reserve(buffer, length);

    if (!room)
        return false;
    if (length)
        memcpy(room, data, length);
    buffer->length += length;
    return true;
}

bool buffer_append_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, text, strlen(text));
}

bool buffer_append_byte(struct buffer *buffer, unsigned char byte)
{
    return buffer_append(buffer, &byte, 1);
}

bool buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;

    /* vsnprintf writes a NUL of its own, which is not part of the contents. */
    unsigned char *room = buffer_reserve(buffer, (size_t)length + 1);
    if (!room)
        return false;
    va_start(arguments, format);
    vsnprintf((char *)room, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
    return true;
}

const char *buffer_text(struct buffer *buffer)
{
    unsigned char *end = buffer_reserve(buffer, 1);

    if (!end)
        return NULL;
    *end = '\0';
    return (const char *)buffer->data;
}
