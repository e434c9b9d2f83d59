#ifndef COOP_AVRO_CELL_H
#define COOP_AVRO_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"

/* One decoded field, in the terms of the column that it goes to. */

/** The types of columns that a field can go to; the plan speaks no PostgreSQL beyond this. */
enum column_type {
    COLUMN_BOOLEAN,
    COLUMN_INTEGER,
    COLUMN_BIGINT,
    COLUMN_REAL,
    COLUMN_DOUBLE,
    COLUMN_NUMERIC,
    COLUMN_TEXT,
    COLUMN_VARCHAR,
    COLUMN_BYTEA,
    COLUMN_UUID,
    COLUMN_DATE,
    COLUMN_TIME,
    COLUMN_TIMESTAMP,
    COLUMN_TIMESTAMPTZ,
    COLUMN_INTERVAL,
    COLUMN_JSONB,
    COLUMN_OTHER, /**< No field can go there. */
};

enum cell_kind {
    CELL_NULL,
    CELL_DEFAULT, /**< The column's default, as the table describes it. */
    CELL_INTEGER, /**< boolean, integer, bigint; days or microseconds since 1970, or of the day. */
    CELL_REAL,    /**< real, double precision */
    CELL_BYTES,   /**< text, bytea, jsonb (as JSON text) */
    CELL_UUID,
    CELL_DECIMAL,  /**< two's complement, big-endian, shortest form, to be divided by 10^scale */
    CELL_INTERVAL, /**< three little-endian 32-bit numbers: months, days, milliseconds */
    CELL_ARRAY,    /**< `length` items, from `first` in the row's items */
};

/** Bytes are borrowed from the message, the schema or the plan's scratch. */
struct cell {
    enum cell_kind kind;
    uint32_t length; /**< Of `bytes`; items of an array. */
    union {
        int64_t integer;
        double real;
        const uint8_t *bytes;
        uint8_t uuid[UUID_BYTES];
        size_t first;
        struct {
            const uint8_t *bytes;
            int32_t scale;
        } decimal;
    } as;
};

#endif
