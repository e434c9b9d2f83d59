#include "tests/simulation/messages.h"

#include <string.h>

#include "common/avro/frame.h"
#include "common/avro/reason.h"

enum { VALUE_ROOM = 256 };

static const uint8_t id_head[UUID_BYTES - 4] = {0x01, 0x81, 0x80, 0xea, 0x8b, 0x00,
                                                0x8d, 0x1e, 0x9c, 0x51, 0x3f, 0x8e};

void event_id_of(int32_t event, uint8_t id[UUID_BYTES])
{
    memcpy(id, id_head, sizeof(id_head));
    for (size_t i = 0; i < 4; i++)
        id[sizeof(id_head) + i] = (uint8_t)((uint32_t)event >> (8 * (3 - i)));
}

const char *message_kind_name(enum message_kind kind)
{
    static const char *const names[] = {
        [MESSAGE_GOOD] = "event",      [MESSAGE_POISON] = "poison",     [MESSAGE_BROKEN] = "broken",
        [MESSAGE_REFUSED] = "refused", [MESSAGE_UNCOPIED] = "uncopied",
    };

    return names[kind];
}

struct writer {
    uint8_t *at; /* VALUE_ROOM bytes. */
    size_t length;
};

static void put(struct writer *out, const void *bytes, size_t length)
{
    assert(out->length + length <= VALUE_ROOM);
    memcpy(out->at + out->length, bytes, length);
    out->length += length;
}

static void put_number(struct writer *out, int32_t number)
{
    uint32_t left = (uint32_t)number << 1 ^ (number < 0 ? UINT32_MAX : 0);

    do {
        uint8_t byte = (uint8_t)(left & 0x7f) | (left > 0x7f ? 0x80 : 0);

        put(out, &byte, 1);
        left >>= 7;
    } while (left);
}

static void put_id(struct writer *out, int32_t event)
{
    uint8_t id[UUID_BYTES];
    char text[UUID_TEXT_LENGTH + 1];

    event_id_of(event, id);
    uuid_format(id, text);
    put_number(out, UUID_TEXT_LENGTH);
    put(out, text, UUID_TEXT_LENGTH);
}

static void put_body(struct writer *out, const struct sim_message *message)
{
    uint8_t head[FRAME_SINGLE_OBJECT_BYTES];

    frame_write_head(tables_fingerprint(message->schema), head);
    put(out, head, sizeof(head));
    put_id(out, message->event);
    put_number(out, message->code);
    put_number(out, message->serial);
    if (message->schema == 1) {
        static const char note[] = "a line of a letter, or two";
        int32_t length = message->serial % (int32_t)sizeof(note);

        put_number(out, length);
        put(out, note, (size_t)length);
    }
}

/* What can be wrong with bytes; each leaves the serial in the value, or at least in the key. */
enum poison {
    POISON_NULL_VALUE,
    POISON_OVERSIZE,
    POISON_NOT_FRAMED,
    POISON_UNKNOWN_SCHEMA,
    POISON_TRUNCATED,
    POISON_BAD_UUID,
    POISON_TRAILING,
    POISON_BAD_KEY, /* Only where the table has the key. */
    POISONS,
};

static void spoil(struct world *world, struct sim_message *message, struct writer *out,
                  enum poison poison)
{
    static const enum reason reasons[POISONS] = {
        [POISON_NULL_VALUE] = REASON_NULL_VALUE,   [POISON_OVERSIZE] = REASON_OVERSIZE,
        [POISON_NOT_FRAMED] = REASON_NOT_FRAMED,   [POISON_UNKNOWN_SCHEMA] = REASON_UNKNOWN_SCHEMA,
        [POISON_TRUNCATED] = REASON_TRUNCATED,     [POISON_BAD_UUID] = REASON_BAD_UUID,
        [POISON_TRAILING] = REASON_TRAILING_BYTES, [POISON_BAD_KEY] = REASON_BAD_KEY,
    };
    static const uint8_t filling[VALUE_BYTES_MAX];

    message->reason = reason_name(reasons[poison]);
    switch (poison) {
    case POISON_NULL_VALUE:
        message->value = NULL;
        out->length = 0;
        break;
    case POISON_OVERSIZE:
        put(out, filling, sizeof(filling));
        break;
    case POISON_NOT_FRAMED:
        out->at[0] = 'x';
        break;
    case POISON_UNKNOWN_SCHEMA:
        out->at[5] ^= 0x55;
        break;
    case POISON_TRUNCATED:
        /* Before the last byte of what the body ends in: cut within it. */
        out->length = FRAME_SINGLE_OBJECT_BYTES + 1 + UUID_TEXT_LENGTH
                      - (size_t)world_between(world, 1, UUID_TEXT_LENGTH);
        break;
    case POISON_BAD_UUID:
        out->at[FRAME_SINGLE_OBJECT_BYTES + 3] = 'g';
        break;
    case POISON_TRAILING:
        put(out, filling, 1);
        break;
    case POISON_BAD_KEY:
        ((uint8_t *)message->key)[0] = 0xff;
        if (world_chance(world, 500)) {
            message->key = NULL;
            message->key_length = 0;
        }
        break;
    case POISONS:
        break;
    }
}

static void choose_kind(struct world *world, const struct mixture *mixture,
                        struct sim_message *message)
{
    int64_t drawn = world_draw(world, 1000);

    message->code = (int32_t)world_between(world, 0, 700);
    if ((drawn -= mixture->poison) < 0) {
        message->kind = MESSAGE_POISON;
    } else if ((drawn -= mixture->broken) < 0) {
        message->kind = MESSAGE_BROKEN;
        message->code = (int32_t)(world_chance(world, 500) ? -message->code - 1
                                                           : CODE_LARGEST + 1 + message->code);
        message->reason = message->code < 0 ? "CODE_NEGATIVE" : "CODE_TOO_LARGE";
    } else if (drawn - mixture->refused < 0) {
        message->kind = world_chance(world, 500) ? MESSAGE_REFUSED : MESSAGE_UNCOPIED;
        message->code = message->kind == MESSAGE_REFUSED ? CODE_REFUSED : CODE_UNCOPIED;
        message->reason = "REFUSED";
    }
}

/* A new one, or one of before; the last few are likely to be on their way still. */
static int32_t choose_event(struct world *world, struct messages *messages,
                            const struct mixture *mixture)
{
    enum { FEW = 8 };
    int32_t count = messages->event_count;

    if (count == 0 || !world_chance(world, mixture->repeats))
        return messages->event_count++;
    if (count > FEW && world_chance(world, 500))
        return count - 1 - (int32_t)world_draw(world, FEW);
    return (int32_t)world_draw(world, count);
}

struct sim_message *messages_make(struct world *world, struct messages *messages,
                                  const struct mixture *mixture, size_t table)
{
    struct sim_message *message = world_keep(world, 1, sizeof(*message));
    struct writer out = {.at = world_keep(world, VALUE_ROOM, 1)};
    char *key = world_keep(world, 16, 1);

    message->serial = (int32_t)messages->count;
    message->kept = -1;
    message->schema = world_chance(world, mixture->younger);
    message->event = choose_event(world, messages, mixture);
    message->key = key;
    message->key_length = (size_t)snprintf(key, 16, "m%d", (int)message->serial);
    message->value = out.at;
    choose_kind(world, mixture, message);
    /* Whether a repeat of an id is refused or a duplicate would hang on which comes first. */
    if (message->kind == MESSAGE_REFUSED || message->kind == MESSAGE_UNCOPIED)
        message->event = EVENTS_MAX + message->serial;
    put_body(&out, message);
    if (message->kind == MESSAGE_POISON)
        spoil(world, message, &out,
              (enum poison)world_draw(world, table == TABLE_EVENT ? POISONS : POISON_BAD_KEY));
    message->value_length = out.length;
    messages->list = world_grow(world, messages->list, messages->count, &messages->capacity,
                                sizeof(struct sim_message *));
    messages->list[messages->count++] = message;
    world_count(world, COUNT_MESSAGES);
    return message;
}
