#include "common/avro/json_memory.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/memory.h"

static void *take(size_t size)
{
    return memory_resize(NULL, size, 1);
}

void json_memory_open(void)
{
    json_set_alloc_funcs(take, free);
}
