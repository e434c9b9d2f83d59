#include "common/avro/frame.h"

#include <string.h>

struct frame frame_read(const void *value, size_t length)
{
    const uint8_t *bytes = value;
    struct frame frame = {.kind = FRAME_NONE};
    size_t head;

    if (length >= FRAME_SINGLE_OBJECT_BYTES && bytes[0] == 0xc3 && bytes[1] == 0x01) {
        frame.kind = FRAME_SINGLE_OBJECT;
        memcpy(frame.fingerprint, bytes + 2, FINGERPRINT_BYTES);
        head = FRAME_SINGLE_OBJECT_BYTES;
    } else if (length >= FRAME_REGISTRY_BYTES && bytes[0] == 0x00) {
        frame.kind = FRAME_REGISTRY;
        frame.registry_id = (uint32_t)bytes[1] << 24 | (uint32_t)bytes[2] << 16
                            | (uint32_t)bytes[3] << 8 | bytes[4];
        head = FRAME_REGISTRY_BYTES;
    } else {
        return frame;
    }
    frame.body = bytes + head;
    frame.body_length = length - head;
    return frame;
}

void frame_write_head(const uint8_t fingerprint[FINGERPRINT_BYTES],
                      uint8_t out[FRAME_SINGLE_OBJECT_BYTES])
{
    out[0] = 0xc3;
    out[1] = 0x01;
    memcpy(out + 2, fingerprint, FINGERPRINT_BYTES);
}
