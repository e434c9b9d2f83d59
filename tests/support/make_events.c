/*
 * make_events TYPE N: about N events of a type as JSON Lines, the same for the same number: a
 * ministry's year as it should be. For benchmarks of the fold and the reports.
 *
 *   outreach   firms in 40 campaigns go through the funnel in waves of 5,000: 3.5 events a firm;
 *              one in 200 is corrected, one in 500 retracted, one in 50 itemises a batch
 *   agreement  five steps an agreement, two parties, every fourth with a facility
 *   training   five stages a cohort
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CAMPAIGNS = 40, WAVE = 5000, STAGES = 5, DAY = 86400 };

static const char *const channels[] = {"LETTER", "EMAIL", "PHONE", "MEETING"};
static const char *const provinces[] = {"PK-PB", "PK-SD", "PK-KP", "PK-BA", "PK-IS"};

/* SplitMix64: the n-th number of a sequence, without state. */
static uint64_t random_at(uint64_t n)
{
    uint64_t x = n * 0x9e3779b97f4a7c15U + 0x9e3779b97f4a7c15U;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/* Seconds since the beginning of 2022, as an instant. */
static const char *instant(uint64_t seconds)
{
    static char texts[2][32];
    static int turn;
    time_t at = (time_t)(1640995200 + seconds % (365 * DAY));
    struct tm parts;

    turn = 1 - turn;
    gmtime_r(&at, &parts);
    strftime(texts[turn], sizeof(texts[turn]), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return texts[turn];
}

/* INVITED 100 %, DELIVERED 95 (else BOUNCED), RESPONDED 70, REGISTERED 50, ATTENDED 35 */
static const char *stage_of(uint64_t firm, int step)
{
    static const char *const stages[] = {"INVITED", "DELIVERED", "RESPONDED", "REGISTERED",
                                         "ATTENDED"};
    static const unsigned reached[] = {100, 100, 70, 50, 30};
    unsigned luck = (unsigned)(random_at(firm) % 100);

    if (step == 1 && luck >= 95)
        return "BOUNCED";
    return luck < reached[step] ? stages[step] : NULL;
}

static uint64_t print_step(uint64_t firm, int step, const char *stage)
{
    uint64_t random = random_at(firm * STAGES + (uint64_t)step + 1000003);
    uint64_t wave = firm / WAVE;
    uint64_t at = wave * 1800 + (uint64_t)step * 3 * DAY + random % (2 * DAY);
    char record[64];

    snprintf(record, sizeof(record), "F-%" PRIu64 "-%d", firm, step);
    printf("{\"source\":\"pk.gov.stza.crm\",\"source_record_id\":\"%s\",\"occurred_at\":\"%s\","
           "\"campaign_id\":\"CMP-%02d\",\"stage\":\"%s\",\"channel\":\"%s\",",
           record, instant(at), (int)(firm % CAMPAIGNS), stage, channels[firm % 4]);
    printf("\"initiator\":{\"org_id\":\"COOP-STZA\",\"name\":\"Special Technology Zones "
           "Authority\",\"country\":\"PK\",\"org_type\":\"REGULATOR\"},"
           "\"recipient\":{\"org_id\":\"COOP-FIRM-%07" PRIu64 "\",\"name\":\"Firm %" PRIu64
           "\",\"country\":\"CN\",\"org_type\":\"PRIVATE_COMPANY\"}",
           firm, firm);
    if (firm % 50 == 0)
        printf(",\"batch_id\":\"B-%" PRIu64 "\"", firm / WAVE);
    printf("}\n");
    if (random % 200 >= 1 && random % 500 != 2)
        return 1;
    printf("{\"source\":\"pk.gov.stza.crm\",\"source_record_id\":\"%s\",\"action\":\"%s\","
           "\"supersedes_source_record_id\":\"%s\",\"occurred_at\":\"%s\",\"recorded_at\":\"%s\","
           "\"campaign_id\":\"CMP-%02d\",\"stage\":\"%s\",\"channel\":\"%s\","
           "\"initiator\":{\"org_id\":\"COOP-STZA\",\"name\":\"Special Technology Zones "
           "Authority\"},\"recipient\":{\"org_id\":\"COOP-FIRM-%07" PRIu64
           "\",\"name\":\"Firm %" PRIu64 "\"}}\n",
           record, random % 200 == 0 ? "CORRECT" : "RETRACT", record, instant(at + 3600),
           instant(at + 2 * DAY), (int)(firm % CAMPAIGNS), stage, channels[firm % 4], firm, firm);
    return 2;
}

static void print_outreach(uint64_t count)
{
    uint64_t printed = 0;

    for (uint64_t wave = 0; printed < count; wave++) {
        for (int step = 0; step < STAGES; step++) {
            for (uint64_t firm = wave * WAVE; firm < (wave + 1) * WAVE && printed < count; firm++) {
                const char *stage = stage_of(firm, step);

                if (stage)
                    printed += print_step(firm, step, stage);
            }
        }
    }
}

static void print_agreements(uint64_t count)
{
    static const char *const statuses[] = {"PROPOSED", "NEGOTIATING", "AGREED", "SIGNED",
                                           "IN_FORCE"};

    for (uint64_t n = 0; n < count; n++) {
        uint64_t agreement = n / STAGES;
        int step = (int)(n % STAGES);

        printf("{\"source\":\"pk.gov.moitt\",\"source_record_id\":\"A-%" PRIu64
               "\",\"occurred_at\":\"%s\",\"agreement_id\":\"AGR-%06" PRIu64
               "\",\"agreement_type\":\"MOU\",\"status\":\"%s\",\"title\":\"Agreement %" PRIu64
               "\",",
               n, instant(agreement * 600 + (uint64_t)step * 20 * DAY), agreement, statuses[step],
               agreement);
        printf("\"parties\":[{\"org\":{\"org_id\":\"COOP-STZA\",\"name\":\"Special Technology "
               "Zones Authority\",\"country\":\"PK\"},\"role\":\"LEAD\"},"
               "{\"org\":{\"org_id\":\"COOP-FIRM-%07" PRIu64 "\",\"name\":\"Firm %" PRIu64
               "\",\"country\":\"CN\"},\"role\":\"SIGNATORY\"}],",
               agreement, agreement);
        if (agreement % 4 == 0)
            printf("\"facilities\":[{\"facility_id\":\"FAC-%" PRIu64
                   "\",\"name\":\"Facility\",\"facility_type\":\"TECHNOLOGY_CENTER\","
                   "\"ownership\":\"JOINT_VENTURE\",\"facility_status\":\"PLANNED\","
                   "\"place\":{\"country\":\"PK\"}}],",
                   agreement);
        printf("\"expected_signing_date\":\"2022-%02d\"}\n", 6 + step);
    }
}

static void print_training(uint64_t count)
{
    static const char *const stages[] = {"PLANNED", "ENROLLED", "STARTED", "COMPLETED",
                                         "CERTIFIED"};

    for (uint64_t n = 0; n < count; n++) {
        uint64_t cohort = n / STAGES;
        int step = (int)(n % STAGES);

        printf(
            "{\"source\":\"pk.gov.lms\",\"source_record_id\":\"T-%" PRIu64
            "\",\"occurred_at\":\"%s\",\"programme_id\":\"PRG-%02d\",\"cohort_id\":\"C-%06" PRIu64
            "\",\"stage\":\"%s\",\"headcount\":%d,\"audience\":\"PROVINCIAL_GOVERNMENT\","
            "\"subject_code\":\"0611\",\"delivery_mode\":\"IN_PERSON\",\"minutes_per_person\":"
            "2400,\"place\":{\"country\":\"PK\",\"subdivision\":\"%s\"},\"provider\":{\"org_id\":"
            "\"COOP-ACADEMY\",\"name\":\"Academy\",\"country\":\"CN\"}}\n",
            n, instant(cohort * 300 + (uint64_t)step * 30 * DAY), (int)(cohort % 30), cohort,
            stages[step], 30 - 2 * step, provinces[cohort % 5]);
    }
}

int main(int argc, char **argv)
{
    const char *type = argc == 3 ? argv[1] : "";
    uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;

    if (count > 0 && strcmp(type, "outreach") == 0) {
        print_outreach(count);
    } else if (count > 0 && strcmp(type, "agreement") == 0) {
        print_agreements(count);
    } else if (count > 0 && strcmp(type, "training") == 0) {
        print_training(count);
    } else {
        fprintf(stderr, "usage: make_events outreach|agreement|training N\n");
        return 64;
    }
    return ferror(stdout) || fflush(stdout) ? 74 : 0;
}
