#include "common/base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/error.h"
#include "common/base/log.h"

/* Not exit(): other threads may be in the middle of something that exit() would wait for. */
void memory_exhausted(void)
{
    log_error("out of memory");
    _exit(error_exit_code(ERROR_INTERNAL));
}

void memory_check_errno(void)
{
    if (errno == ENOMEM)
        memory_exhausted();
}

void *memory_new(size_t count, size_t size)
{
    /* One byte at least: calloc(0) may return NULL, which is not a want of memory. */
    void *memory = count && size ? calloc(count, size) : calloc(1, 1);

    if (!memory)
        memory_exhausted();
    return memory;
}

void *memory_resize(void *memory, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_exhausted();
    void *resized = realloc(memory, count && size ? count * size : 1);

    if (!resized)
        memory_exhausted();
    return resized;
}

char *memory_copy_part(const char *text, size_t length)
{
    char *copy = memory_new(length + 1, 1);

    memcpy(copy, text, length);
    return copy;
}

char *memory_copy_text(const char *text)
{
    return memory_copy_part(text, strlen(text));
}
