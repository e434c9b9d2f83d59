#include "common/base/log.h"
#include "common/base/streams.h"
#include "reports/forms.h"
#include "reports/session.h"
#include "reports/settings.h"
#include "reports/width.h"

static bool write_report(const struct session *session, const struct report_settings *settings,
                         struct error *err)
{
    if (settings->known)
        log_warning("only agreements and training are told with --known: of the rest it is not "
                    "kept what was known when");
    if (settings->is_json)
        return json_write(session, settings, err);
    if (settings->csv)
        return csv_write(session, settings, err);
    return width_open(err) && text_write(session, settings, err);
}

static bool run(const struct report_settings *settings, struct error *err)
{
    struct session session = {0};
    bool ok = session_open(&session, settings, err) && write_report(&session, settings, err);

    session_close(&session);
    return ok;
}

int main(int argc, char **argv)
{
    struct report_settings settings = {0};
    struct error err = {0};
    int first_operand = argc;

    streams_open();
    enum options_outcome outcome =
        options_read(&report_program, argc, argv, &settings, &first_operand, &err);
    bool ok = outcome != OPTIONS_FAILED;

    log_open(report_program.name, (enum log_level)settings.log.level,
             (enum log_format)settings.log.format);
    if (outcome == OPTIONS_RUN && first_operand < argc)
        ok =
            error_set(&err, ERROR_USAGE, "unexpected word \"%s\"; try --help", argv[first_operand]);
    if (ok && outcome == OPTIONS_RUN)
        ok = report_settings_check(&settings, &err) && run(&settings, &err);
    ok = ok && streams_finish(&err);
    if (!ok)
        log_error("%s", err.message);
    options_clear(&report_program, &settings);
    return error_exit_code(ok ? ERROR_NONE : err.kind);
}
