#ifndef COOP_BASE_LOG_H
#define COOP_BASE_LOG_H

#include <stdbool.h>

#include "common/base/compiler.h"

/*
 * One line on standard error for an event of the program's life, never one a record.
 *
 * text:  2022-06-20T05:00:00.123Z coop-consumer info: claimed coop.outreach.v1/3 at 120
 * json:  {"time":"…","program":"coop-consumer","level":"info","message":"…"}
 */

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/** The words for --log-level and --log-format, in the order of the enums, NULL at the end. */
extern const char *const log_level_names[];
extern const char *const log_format_names[];

/** Before it is called: level info, format text. `program` is kept, not copied. */
void log_open(const char *program, enum log_level level, enum log_format format);

/** True where a message of that level would be printed. */
bool log_wants(enum log_level level);

/** From now on lines go there, without their time, instead of to standard error; NULL: back. */
void log_divert(void (*take)(enum log_level level, const char *message));

PRINTF_LIKE(2, 3)
void log_line(enum log_level level, const char *format, ...);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
