#include "tests/support/scripted_replies.h"

#include <string.h>

#include "common/base/memory.h"

enum { BODY_BYTES_MAX = 1024 * 1024, TYPE_TEXT = 25 };

static void must(bool has_gone_in)
{
    if (!has_gone_in)
        memory_exhausted();
}

static void append_number(struct buffer *out, uint32_t value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        must(buffer_append_byte(out, (unsigned char)(value >> (8 * (length - 1 - i)))));
}

static void append_string(struct buffer *out, const char *text)
{
    must(buffer_append(out, text, strlen(text) + 1));
}

static struct buffer new_body(void)
{
    struct buffer body;

    buffer_init(&body, BODY_BYTES_MAX);
    return body;
}

void reply_message(struct buffer *out, char type, struct buffer *body)
{
    must(buffer_append_byte(out, (unsigned char)type));
    append_number(out, (uint32_t)body->length + 4, 4);
    if (body->length)
        must(buffer_append(out, body->data, body->length));
    buffer_free(body);
}

void reply_fields(struct buffer *out, char type, const char *fields)
{
    struct buffer body = new_body();

    append_string(&body, type == 'E' ? "SERROR" : "SWARNING");
    append_string(&body, type == 'E' ? "VERROR" : "VWARNING");
    while (*fields) {
        size_t length = strcspn(fields, "|");

        must(buffer_append(&body, fields, length) && buffer_append_byte(&body, 0));
        fields += fields[length] ? length + 1 : length;
    }
    must(buffer_append_byte(&body, 0));
    reply_message(out, type, &body);
}

static uint32_t count_fields(const char *line, size_t length)
{
    uint32_t count = 1;

    for (size_t i = 0; i < length; i++)
        count += line[i] == '|';
    return count;
}

void reply_columns(struct buffer *out, const char *text)
{
    uint32_t count = count_fields(text, strcspn(text, "\n"));
    struct buffer body = new_body();

    append_number(&body, count, 2);
    for (uint32_t i = 0; i < count; i++) {
        append_string(&body, "column");
        append_number(&body, 0, 4);
        append_number(&body, 0, 2);
        append_number(&body, TYPE_TEXT, 4);
        append_number(&body, UINT16_MAX, 2);
        append_number(&body, UINT32_MAX, 4);
        append_number(&body, 0, 2);
    }
    reply_message(out, 'T', &body);
}

static void append_row(struct buffer *out, const char *line, size_t length)
{
    const char *end = line + length;
    uint32_t count = count_fields(line, length);
    struct buffer body = new_body();

    append_number(&body, count, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t size = 0;

        while (line + size < end && line[size] != '|')
            size++;
        bool is_null = size == 2 && memcmp(line, "\\N", 2) == 0;
        append_number(&body, is_null ? UINT32_MAX : (uint32_t)size, 4);
        if (!is_null)
            must(buffer_append(&body, line, size));
        line += size + 1;
    }
    reply_message(out, 'D', &body);
}

void reply_rows(struct buffer *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        append_row(out, text, length);
        text += text[length] ? length + 1 : length;
    }
}

void reply_tag(struct buffer *out, const char *tag)
{
    struct buffer body = new_body();

    append_string(&body, tag);
    reply_message(out, 'C', &body);
}

void reply_copy(struct buffer *out, char type)
{
    struct buffer body = new_body();

    append_number(&body, 1, 1);
    append_number(&body, 0, 2);
    reply_message(out, type, &body);
}

void reply_ready(struct buffer *out)
{
    struct buffer body = new_body();

    must(buffer_append_byte(&body, 'I'));
    reply_message(out, 'Z', &body);
}

void reply_greeting(struct buffer *out, const char *version, const char *encoding)
{
    const char *const parameters[][2] = {{"server_version", version},
                                         {"client_encoding", "UTF8"},
                                         {"standard_conforming_strings", "on"},
                                         {"server_encoding", encoding}};
    struct buffer body = new_body();

    append_number(&body, 0, 4);
    reply_message(out, 'R', &body);
    for (size_t i = 0; i < ARRAY_LENGTH(parameters); i++) {
        if (!parameters[i][1][0])
            continue;
        body = new_body();
        append_string(&body, parameters[i][0]);
        append_string(&body, parameters[i][1]);
        reply_message(out, 'S', &body);
    }
    body = new_body();
    append_number(&body, 1, 4);
    append_number(&body, 2, 4);
    reply_message(out, 'K', &body);
    reply_ready(out);
}
