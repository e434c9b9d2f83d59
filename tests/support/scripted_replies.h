#ifndef COOP_TESTS_SCRIPTED_REPLIES_H
#define COOP_TESTS_SCRIPTED_REPLIES_H

#include "common/base/buffer.h"

/*
 * What a server of PostgreSQL says, as bytes ("Message Formats" in its manual). Fields of errors
 * are given as "C22P02|Mwords": the letter that the protocol has for a field, and its text.
 */

/* A message of that type, with this body, which is empty afterwards. */
void reply_message(struct buffer *out, char type, struct buffer *body);

/* ErrorResponse or NoticeResponse. */
void reply_fields(struct buffer *out, char type, const char *fields);

/* Columns and lines of a text: "a|b\n\\N|d" is two rows of two columns, \N null. */
void reply_columns(struct buffer *out, const char *text);
void reply_rows(struct buffer *out, const char *text);

void reply_tag(struct buffer *out, const char *tag);

/* CopyInResponse or CopyOutResponse, binary. */
void reply_copy(struct buffer *out, char type);

void reply_ready(struct buffer *out);

/* All that a server says to whoever has logged in. "": it does not say. */
void reply_greeting(struct buffer *out, const char *version, const char *encoding);

#endif
