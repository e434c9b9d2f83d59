#include "common/cli/config_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

static char *trim(char *text)
{
    static const char blanks[] = " \t\r\n";

    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length && strchr(blanks, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

static bool read_line(char *line, config_file_take *take, void *context, struct error *err)
{
    char *name = trim(line);

    if (name[0] == '\0' || name[0] == '#')
        return true;
    char *sign = strchr(name, '=');
    if (!sign)
        return error_set(err, ERROR_CONFIGURATION, "expected name = value");
    *sign = '\0';
    return take(context, trim(name), trim(sign + 1), err);
}

bool config_file_read(const char *path, config_file_take *take, void *context, struct error *err)
{
    bool ok = false;
    char *line = NULL;
    size_t size = 0;
    int number = 0;

    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(err, ERROR_CONFIGURATION, "could not open \"%s\": %s", path,
                         strerror(errno));
    errno = 0;
    while (getline(&line, &size, file) != -1) {
        number++;
        if (!read_line(line, take, context, err)) {
            err->kind = ERROR_CONFIGURATION;
            error_context(err, "%s:%d", path, number);
            goto done;
        }
    }
    /* At the end of the file, too, getline() says -1. */
    memory_check_errno();
    if (ferror(file)) {
        error_set(err, ERROR_CONFIGURATION, "could not read \"%s\": %s", path, strerror(errno));
        goto done;
    }
    ok = true;
done:
    free(line);
    fclose(file);
    return ok;
}
