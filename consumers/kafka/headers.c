#include "consumers/kafka/headers.h"

#include <librdkafka/rdkafka.h>
#include <string.h>

#include "common/avro/render_scalar.h"
#include "common/base/text.h"

static bool append_hex(struct buffer *out, const void *value, size_t length)
{
    unsigned char *room = buffer_reserve(out, 2 * length + 1);

    if (!room)
        return false;
    hex_format(value, length, (char *)room);
    out->length += 2 * length;
    return true;
}

/* Names are bytes from outside, too; what is no text is shown in hex. */
static bool append_name(struct buffer *out, const char *name)
{
    size_t length = strlen(name);

    if (text_check(name, length) == TEXT_OK)
        return render_string(out, (const uint8_t *)name, length);
    return buffer_append_text(out, "\"\\\\x") && append_hex(out, name, length)
           && buffer_append_byte(out, '"');
}

bool headers_append(const struct message *message, struct buffer *out)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t length;

    if (!buffer_append_byte(out, '['))
        return false;
    if (!message->handle
        || rd_kafka_message_headers(message->handle, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return buffer_append_byte(out, ']');
    for (size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR;
         i++) {
        if ((i && !buffer_append_text(out, ", ")) || !buffer_append_byte(out, '[')
            || !append_name(out, name))
            return false;
        bool ok = value ? buffer_append_text(out, ", \"") && append_hex(out, value, length)
                              && buffer_append_text(out, "\"]")
                        : buffer_append_text(out, ", null]");
        if (!ok)
            return false;
    }
    return buffer_append_byte(out, ']');
}
