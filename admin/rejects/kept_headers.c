#include "admin/rejects/kept_headers.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"

/* The hex of a list's items is at least as long as their bytes, names take a NUL more. */
static size_t bytes_of(const json_t *list)
{
    const json_t *pair;
    size_t total = 0;
    size_t i;

    json_array_foreach(list, i, pair)
    {
        total += json_string_length(json_array_get(pair, 0)) + 1;
        total += json_string_length(json_array_get(pair, 1));
    }
    return total;
}

/* A name that is no text stands as \x and hex. */
static const char *keep_name(unsigned char **at, const char *name)
{
    size_t length = strlen(name);
    unsigned char *room = *at;
    size_t kept = length / 2 > 0 ? length / 2 - 1 : 0;
    if (strncmp(name, "\\x", 2) != 0 || !hex_parse(name + 2, length - 2, room)
        || text_check(room, kept) == TEXT_OK) {
        memcpy(room, name, length);
        kept = length;
    }
    room[kept] = '\0';
    *at += kept + 1;
    return (const char *)room;
}

static bool keep_header(struct kept_headers *headers, unsigned char **at, const json_t *pair,
                        struct error *err)
{
    const char *name = json_string_value(json_array_get(pair, 0));
    const json_t *value = json_array_get(pair, 1);
    struct publisher_header *header = &headers->items[headers->count];

    if (!name || (!json_is_string(value) && !json_is_null(value)))
        return error_set(err, ERROR_DATA, "the headers of a reject are no list of pairs");
    *header = (struct publisher_header){.name = keep_name(at, name)};
    headers->count++;
    if (json_is_null(value))
        return true;
    if (!hex_parse(json_string_value(value), json_string_length(value), *at))
        return error_set(err, ERROR_DATA, "header \"%s\" of a reject is not in hex", name);
    header->value = *at;
    header->length = json_string_length(value) / 2;
    *at += header->length;
    return true;
}

bool kept_headers_read(const json_t *list, struct kept_headers *out, struct error *err)
{
    const json_t *pair;
    size_t i;

    /* Room for all at once: the items point into it. */
    *out = (struct kept_headers){
        .items = memory_new(json_array_size(list) + 1, sizeof(*out->items)),
        .bytes = memory_new(bytes_of(list), 1),
    };
    unsigned char *at = out->bytes;
    json_array_foreach(list, i, pair)
    {
        if (!keep_header(out, &at, pair, err))
            return false;
    }
    return true;
}

void kept_headers_clear(struct kept_headers *headers)
{
    free(headers->items);
    free(headers->bytes);
    *headers = (struct kept_headers){0};
}
