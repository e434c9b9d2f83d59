#include "common/cli/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

enum { VALUE_FILE_LIMIT = 64 * 1024 };

/* @FILE: the file's text without its last newline. NULL on failure. */
static char *read_value_file(const char *path, struct error *err)
{
    char *text = NULL;
    FILE *file = fopen(path, "r");

    if (!file) {
        error_set(err, ERROR_CONFIGURATION, "could not open \"%s\": %s", path, strerror(errno));
        return NULL;
    }
    text = memory_new(VALUE_FILE_LIMIT + 1, 1);
    size_t length = fread(text, 1, VALUE_FILE_LIMIT + 1, file);
    if (ferror(file) || length > VALUE_FILE_LIMIT || memchr(text, '\0', length)) {
        error_set(err, ERROR_CONFIGURATION,
                  "could not read a value of at most %d bytes from \"%s\"", VALUE_FILE_LIMIT, path);
        free(text);
        text = NULL;
        goto done;
    }
    if (length && text[length - 1] == '\n')
        length--;
    if (length && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
done:
    fclose(file);
    return text;
}

static char *copy_or_read(const char *text, struct error *err)
{
    return text[0] == '@' ? read_value_file(text + 1, err) : memory_copy_text(text);
}

static bool set_text(char **target, const char *text, struct error *err)
{
    char *value = copy_or_read(text, err);

    if (!value)
        return false;
    free(*target);
    *target = value;
    return true;
}

static bool set_number(const struct option_row *row, int64_t *target, const char *text,
                       struct error *err)
{
    char *end = NULL;

    errno = 0;
    intmax_t number = strtoimax(text, &end, 10);
    if (end == text || *end != '\0')
        return error_set(err, ERROR_USAGE, "\"%s\" is not a whole number", text);
    if (errno == ERANGE || number < row->minimum || number > row->maximum)
        return error_set(err, ERROR_USAGE, "%s must be in range %" PRId64 "..%" PRId64, text,
                         row->minimum, row->maximum);
    *target = number;
    return true;
}

static bool set_switch(bool *target, const char *text, struct error *err)
{
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return error_set(err, ERROR_USAGE, "\"%s\" is neither true nor false", text);
    *target = text[0] == 't';
    return true;
}

static bool set_choice(const struct option_row *row, int *target, const char *text,
                       struct error *err)
{
    char words[256] = "";

    for (int i = 0; row->choices[i]; i++) {
        if (strcmp(row->choices[i], text) == 0) {
            *target = i;
            return true;
        }
        size_t length = strlen(words);
        snprintf(words + length, sizeof(words) - length, "%s%s", i ? ", " : "", row->choices[i]);
    }
    return error_set(err, ERROR_USAGE, "\"%s\" is none of: %s", text, words);
}

/* An item may be an @FILE, and in a list of NAME=VALUE so may the value. */
static bool add_to_list(struct text_list *list, const char *text, struct error *err)
{
    const char *sign = strchr(text, '=');
    char *item = NULL;

    if (sign && sign[1] == '@') {
        char *value = read_value_file(sign + 2, err);
        if (!value)
            return false;
        size_t size = (size_t)(sign - text) + strlen(value) + 2;
        item = memory_new(size, 1);
        snprintf(item, size, "%.*s=%s", (int)(sign - text), text, value);
        free(value);
    } else {
        item = copy_or_read(text, err);
        if (!item)
            return false;
    }

    list->items = memory_resize(list->items, list->count + 1, sizeof(*list->items));
    list->items[list->count++] = item;
    return true;
}

bool value_set(const struct option_row *row, void *target, const char *text, struct error *err)
{
    switch (row->type) {
    case OPTION_TEXT:
        return set_text(target, text, err);
    case OPTION_NUMBER:
        return set_number(row, target, text, err);
    case OPTION_SWITCH:
        return set_switch(target, text, err);
    case OPTION_CHOICE:
        return set_choice(row, target, text, err);
    case OPTION_LIST:
        return add_to_list(target, text, err);
    }
    return error_set(err, ERROR_INTERNAL, "option \"%s\" has no type", row->name);
}

void value_clear(const struct option_row *row, void *target)
{
    if (row->type == OPTION_TEXT) {
        char **text = target;

        free(*text);
        *text = NULL;
    } else if (row->type == OPTION_LIST) {
        struct text_list *list = target;

        for (size_t i = 0; i < list->count; i++)
            free(list->items[i]);
        free(list->items);
        *list = (struct text_list){0};
    }
}
