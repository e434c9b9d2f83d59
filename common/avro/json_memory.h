#ifndef COOP_AVRO_JSON_MEMORY_H
#define COOP_AVRO_JSON_MEMORY_H

/**
 * Has jansson take its memory by our rule (common/base/memory.h), so that none of its
 * functions fails for want of it: what then fails is what it was given. A main calls it
 * before anything else that may use jansson.
 */
void json_memory_open(void);

#endif
