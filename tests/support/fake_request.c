#include "tests/support/check.h"

#include "tests/support/fake_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/fake_diary.h"
#include "tests/support/fake_routes.h"

static char line[4096];
static size_t line_length;

PRINTF_LIKE(1, 2) static void append(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line_length +=
        (size_t)vsnprintf(line + line_length, sizeof(line) - line_length, format, arguments);
    va_end(arguments);
    assert_true(line_length < sizeof(line));
}

static int64_t number(const unsigned char *bytes, size_t length)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

/* The row that begins at *at: its fields, of which there are at most 16; *at becomes its end. */
static size_t split_row(struct span span, size_t *at, struct span fields[16])
{
    const unsigned char *bytes = span.data;

    assert_true(*at + 2 <= span.length);
    size_t count = (size_t)number(bytes + *at, 2);
    assert_true(count <= 16);
    *at += 2;
    for (size_t i = 0; i < count; i++) {
        assert_true(*at + 4 <= span.length);
        int64_t length = number(bytes + *at, 4);

        *at += 4;
        fields[i] = (struct span){length < 0 ? NULL : bytes + *at, length < 0 ? 0 : (size_t)length};
        *at += fields[i].length;
        assert_true(*at <= span.length);
    }
    return count;
}

size_t fake_count_rows(struct span span)
{
    struct span fields[16];
    size_t count = 0;

    for (size_t at = 0; at < span.length; count++)
        split_row(span, &at, fields);
    return count;
}

struct span fake_field(struct span span, size_t row, size_t field)
{
    struct span fields[16];
    size_t at = 0;

    for (size_t i = 0; i <= row; i++)
        assert_true(field < split_row(span, &at, fields));
    return fields[field];
}

/* Stream, partition and offset stand together in every row. */
static size_t find_position(const struct span *fields, size_t count)
{
    size_t i = 0;

    while (i + 2 < count
           && !(fields[i].length == 2 && fields[i + 1].length == 4 && fields[i + 2].length == 8))
        i++;
    assert_true(i + 2 < count);
    return i;
}

static void append_rows(const char *what, struct span span, bool has_reasons)
{
    struct span fields[16];

    if (span.length == 0)
        return;
    append("; %s", what);
    for (size_t at = 0; at < span.length;) {
        size_t place = find_position(fields, split_row(span, &at, fields));

        append(" %" PRId64 "@%" PRId64, number(fields[place + 1].data, 4),
               number(fields[place + 2].data, 8));
        if (has_reasons)
            append(" %.*s", (int)fields[place + 4].length, (const char *)fields[place + 4].data);
    }
}

/* The sieve's messages tell, in the same order, where the rows came from. */
static void check_messages(const struct request *request)
{
    size_t count = fake_count_rows(request->rows);

    assert_int_equal(fake_count_rows(request->messages), count);
    for (size_t i = 0; i < count; i++) {
        struct span place = fake_field(request->messages, i, 0);

        assert_int_equal(number(place.data, 4), i + 1);
    }
}

static void append_advances(const struct request *request, bool is_question)
{
    for (size_t i = 0; i < request->advance_count; i++) {
        const struct advance *advance = &request->advances[i];
        int stream = advance->stream_id - 1;

        append(" %s", fake_topic((size_t)(stream % 10)));
        if (stream >= 10)
            append("#%d", stream / 10);
        append("/%" PRId32, advance->partition);
        if (is_question)
            append(" e%" PRId64, advance->epoch);
        else
            append(" %" PRId64 "->%" PRId64 " e%" PRId64, advance->old_offset, advance->new_offset,
                   advance->epoch);
    }
}

static void append_claims(const struct request *request)
{
    for (size_t i = 0; i < request->claim_count; i++)
        append(" %s/%" PRId32, request->claims[i].topic, request->claims[i].partition);
}

static void append_request(const struct request *request)
{
    switch (request->kind) {
    case REQUEST_CLAIM:
        append("claim");
        append_claims(request);
        break;
    case REQUEST_END_HOLDERS:
        append("end the holders of");
        append_claims(request);
        break;
    case REQUEST_CONFIRM:
        append("confirm");
        append_advances(request, true);
        break;
    case REQUEST_WRITE:
        append("write");
        append_advances(request, false);
        assert_true((request->rows.length > 0) == (request->rows_sql != NULL));
        break;
    case REQUEST_PREPARE:
        append("prepare");
        assert_non_null(strstr(request->rows_sql, "create temporary table"));
        break;
    case REQUEST_SORT:
        append("sort");
        check_messages(request);
        assert_non_null(strstr(request->rows_sql, "order by place desc"));
        break;
    case REQUEST_KEEP:
        append("keep");
        append_advances(request, false);
        append("%s%s", request->rows_sql ? "; sorted rows" : "",
               request->repeats_sql ? " and repeats" : "");
        break;
    case REQUEST_FOLD:
        append("fold");
        break;
    case REQUEST_POSITIONS:
        append("tell positions");
        break;
    }
    append_rows("rows", request->rows, false);
    append_rows("rejects", request->rejects, true);
}

static uint32_t sum_of(struct span span)
{
    const unsigned char *bytes = span.data;
    uint32_t sum = 1;

    for (size_t i = 0; i < span.length; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static uint32_t mix(uint32_t sum, int64_t value)
{
    return sum * 31 + (uint32_t)(uint64_t)value;
}

uint32_t fake_request_sum(const struct request *request)
{
    uint32_t sum = sum_of(request->rows) ^ sum_of(request->messages) ^ sum_of(request->rejects);

    for (size_t i = 0; i < request->advance_count; i++) {
        const struct advance *advance = &request->advances[i];

        sum = mix(mix(sum, advance->stream_id), advance->partition);
        sum = mix(mix(sum, advance->epoch), advance->new_offset);
    }
    return sum;
}

void fake_request_note(const char *name, const struct request *request)
{
    line_length = 0;
    append("%s: ", name);
    append_request(request);
    diary_note("%s", line);
}
