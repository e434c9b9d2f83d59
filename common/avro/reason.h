#ifndef COOP_AVRO_REASON_H
#define COOP_AVRO_REASON_H

/*
 * Why a message cannot be taken in, as far as its bytes tell (docs/contract.md §5). The other
 * reasons are the names of the tables' CHECK constraints: a new one of those needs no C.
 */
enum reason {
    REASON_NONE,
    REASON_NULL_VALUE,
    REASON_OVERSIZE,
    REASON_NOT_FRAMED,
    REASON_UNKNOWN_SCHEMA,
    REASON_WRONG_TYPE,
    REASON_TRUNCATED,
    REASON_ENUM_OUT_OF_RANGE,
    REASON_UNION_OUT_OF_RANGE,
    REASON_INVALID_UTF8,
    REASON_NUL_BYTE,
    REASON_TOO_LONG, /**< Of the decoder only where a varchar(n) would cut; else a CHECK. */
    REASON_BAD_UUID,
    REASON_TIME_OUT_OF_RANGE,
    REASON_DECIMAL_OUT_OF_RANGE,
    REASON_MALFORMED,
    REASON_TRAILING_BYTES,
    REASON_BAD_KEY,
};

/** The name as it stands in ingest.reject. */
const char *reason_name(enum reason reason);

#endif
