#include "reports/sections.h"

/* Ordered by bytes, so that every database gives the same report. */
#define BYTEWISE " collate \"C\""

static const struct section campaigns = {
    .name = "campaigns",
    .titles = (const char *const[LANGUAGE_COUNT]){"How far has each campaign come?",
                                                  "每项活动进展如何？", "ہر مہم کہاں تک پہنچی؟"},
    .columns =
        (const struct section_column[]){
            {"campaign_id", NULL, NULL, {"campaign", "活动", "مہم"}},
            {"stage", NULL, "outreach", {"stage", "阶段", "مرحلہ"}},
            {"organisations", NULL, NULL, {"organisations", "机构数", "ادارے"}},
            {"firms_itemised", NULL, NULL, {"itemised", "列名企业", "نام سے درج"}},
            {"statements_without_number", NULL, NULL, {"without number", "未给数字", "بغیر عدد"}},
            {"pct_of_invited", NULL, NULL, {"% of invited", "占受邀者%", "مدعوین کا %"}},
            {.field = NULL}},
    .sql = "select campaign_id, stage, organisations, firms_itemised, statements_without_number,"
           "       pct_of_invited, step_conversion_pct"
           " from reporting.outreach_funnel"
           " order by campaign_id" BYTEWISE ", stage_rank nulls last, stage" BYTEWISE,
};

static const char *const agreement_titles[LANGUAGE_COUNT] = {
    "Where does each agreement stand?", "每项协议处于什么状态？", "ہر معاہدہ کس مرحلے پر ہے؟"};

static const struct section_column agreement_columns[] = {
    {"title", "agreement_id", NULL, {"agreement", "协议", "معاہدہ"}},
    {"status", NULL, "agreement", {"status", "状态", "حیثیت"}},
    {"days_in_status", NULL, NULL, {"days", "天数", "دن"}},
    {"expected_signing", NULL, NULL, {"signing expected", "预计签署日期", "متوقع دستخط"}},
    {"expected_signing_precision", NULL, "date_precision", {"to the", "精确到", "درستی"}},
    {"value_amount", NULL, NULL, {"value", "金额", "مالیت"}},
    {"value_currency", NULL, NULL, {"currency", "货币", "کرنسی"}},
    {.field = NULL},
};

static const struct section agreements = {
    .name = "agreements",
    .titles = agreement_titles,
    .columns = agreement_columns,
    .sql =
        "select agreement_id, agreement_type, title, status, days_in_status, expected_signing,"
        "       expected_signing_precision, signed_date, is_overdue, value_amount, value_currency"
        " from reporting.agreement_pipeline"
        " order by status_rank desc nulls last, agreement_id" BYTEWISE,
};

/* The same columns by the same rules, of another day. */
static const struct section past_agreements = {
    .name = "agreements",
    .titles = agreement_titles,
    .columns = agreement_columns,
    .sql = "select a.agreement_id, a.agreement_type, a.title, a.status,"
           "       reporting.report_date() - (a.status_since at time zone 'Asia/Karachi')::date"
           "           as days_in_status,"
           "       a.expected_signing, a.expected_signing_precision, a.signed_date,"
           "       coalesce(a.signed_date is null and a.expected_signing < reporting.report_date()"
           "           and coalesce(s.rank, 0) < 40, false) as is_overdue,"
           "       a.value_amount, a.value_currency"
           " from reporting.agreement_as_of(current_setting('coop.report_valid_at')::timestamptz,"
           "           current_setting('coop.report_known_at')::timestamptz) as a"
           " left join reference.stage as s on s.event_type = 'agreement' and s.stage = a.status"
           " order by s.rank desc nulls last, a.agreement_id" BYTEWISE,
};

static const struct section facilities = {
    .name = "facilities",
    .titles = (const char *const[LANGUAGE_COUNT]){"What is being built, and where?",
                                                  "正在建设哪些设施，位于何处？",
                                                  "کیا تعمیر ہو رہا ہے، اور کہاں؟"},
    .columns =
        (const struct section_column[]){
            {"name", "facility_id", NULL, {"facility", "设施", "سہولت"}},
            {"facility_status", NULL, "facility_status", {"status", "状态", "حیثیت"}},
            {"ownership", NULL, "ownership", {"ownership", "所有制", "ملکیت"}},
            {"country", NULL, NULL, {"country", "国家", "ملک"}},
            {"subdivision", NULL, NULL, {"province", "省份", "صوبہ"}},
            {.field = NULL}},
    .sql =
        "select facility_id, name, facility_type, facility_status, ownership, country, subdivision,"
        "       planned_opening_date, agreement_id"
        " from reporting.facility"
        " order by country" BYTEWISE ", facility_id" BYTEWISE,
};

static const char *const training_titles[LANGUAGE_COUNT] = {"Who is trained?", "谁接受培训？",
                                                            "کن لوگوں کو تربیت دی جا رہی ہے؟"};

static const struct section training = {
    .name = "training",
    .titles = training_titles,
    .columns =
        (const struct section_column[]){
            {"programme_id", NULL, NULL, {"programme", "培训项目", "پروگرام"}},
            {"audience", NULL, "audience", {"audience", "培训对象", "شرکا"}},
            {"province", NULL, "province", {"province", "省份", "صوبہ"}},
            {"enrolled", NULL, NULL, {"enrolled", "已报名", "داخل شدہ"}},
            {"completed", NULL, NULL, {"completed", "已结业", "مکمل"}},
            {"certified", NULL, NULL, {"certified", "已获证书", "سند یافتہ"}},
            {"statements_without_number", NULL, NULL, {"without number", "未给数字", "بغیر عدد"}},
            {.field = NULL}},
    .sql = "select programme_id, audience, province, subject_code, enrolled, started, completed,"
           "       certified, dropped, completed_women, completion_pct, person_hours,"
           "       statements_without_number"
           " from reporting.training_headcount"
           " order by programme_id" BYTEWISE ", audience" BYTEWISE ", province" BYTEWISE
           ", subject_code" BYTEWISE,
};

static const struct section cohorts = {
    .name = "cohorts",
    .titles = training_titles,
    .columns =
        (const struct section_column[]){
            {"programme_id", NULL, NULL, {"programme", "培训项目", "پروگرام"}},
            {"cohort_id", NULL, NULL, {"cohort", "班次", "جماعت"}},
            {"stage", NULL, "training", {"stage", "阶段", "مرحلہ"}},
            {"headcount", NULL, NULL, {"people", "人数", "افراد"}},
            {.field = NULL}},
    .sql = "select h.programme_id, h.cohort_id, h.stage, h.headcount"
           " from reporting.training_headcount_as_of("
           "          current_setting('coop.report_known_at')::timestamptz) as h"
           " left join reference.stage as s on s.event_type = 'training' and s.stage = h.stage"
           " order by h.programme_id" BYTEWISE ", h.cohort_id" BYTEWISE
           ", s.rank nulls last, h.stage" BYTEWISE,
};

static const struct section targets = {
    .name = "targets",
    .titles = (const char *const[LANGUAGE_COUNT]){"Where do we stand against the targets?",
                                                  "目标完成情况如何？",
                                                  "اہداف کے مقابلے میں ہم کہاں ہیں؟"},
    .columns =
        (const struct section_column[]){
            {"title", "indicator_id", NULL, {"indicator", "指标", "اشاریہ"}},
            {"kind", NULL, "indicator_kind", {"kind", "类别", "قسم"}},
            {"unit", NULL, "unit", {"unit", "单位", "اکائی"}},
            {"actual", NULL, NULL, {"actual", "实际值", "حاصل شدہ"}},
            {"target", NULL, NULL, {"target", "目标值", "ہدف"}},
            {"pct_of_target", NULL, NULL, {"% reached", "完成%", "حصول %"}},
            {"deadline", NULL, NULL, {"deadline", "截止日期", "آخری تاریخ"}},
            {"state", NULL, "indicator_state", {"state", "情况", "کیفیت"}},
            {.field = NULL}},
    .sql = "select indicator_id, title, kind, unit, scope, baseline, actual, target, gap, "
           "pct_of_target,"
           "       deadline, deadline_precision, state"
           " from reporting.indicator_progress"
           " order by kind" BYTEWISE " desc, indicator_id" BYTEWISE ", scope" BYTEWISE,
};

static const struct section data_quality = {
    .name = "data_quality",
    .titles = (const char *const[LANGUAGE_COUNT]){"What looks wrong in the data?",
                                                  "数据中有哪些可疑之处？",
                                                  "ڈیٹا میں کیا غلط معلوم ہوتا ہے؟"},
    .columns = (const struct section_column[]){{"issue", NULL, "issue", {"issue", "问题", "مسئلہ"}},
                                               {"entity", NULL, NULL, {"about", "对象", "متعلق"}},
                                               {"detail", NULL, NULL, {"detail", "详情", "تفصیل"}},
                                               {.field = NULL}},
    .sql = "select issue, event_id, entity, detail"
           " from reporting.data_quality_issue"
           " order by issue" BYTEWISE ", entity" BYTEWISE ", event_id, detail" BYTEWISE,
};

const struct section *const *sections_of(const struct report_settings *settings)
{
    static const struct section *const today[] = {&campaigns, &agreements,   &facilities, &training,
                                                  &targets,   &data_quality, NULL};
    static const struct section *const past[] = {
        &campaigns, &past_agreements, &facilities, &training, &targets, &data_quality, NULL};
    static const struct section *const known[] = {&past_agreements, &cohorts, NULL};

    if (settings->known)
        return known;
    return settings->as_of ? past : today;
}

/* Stages and codes are the database's; what the views say beside them is worded here. */
const char section_labels_sql[] =
    "select list, symbol, (array[label_en, label_zh, label_ur])[$1::integer]"
    " from (select event_type as list, stage as symbol, label_en, label_zh, label_ur from "
    "reference.stage"
    " union all select list, symbol, label_en, label_zh, label_ur from reference.code"
    " union all values"
    " ('indicator_kind', 'TARGET', 'Target', '目标', 'ہدف'),"
    " ('indicator_kind', 'CONTEXT', 'Context', '背景', 'پس منظر'),"
    " ('indicator_state', 'MET', 'Met', '已达成', 'حاصل'),"
    " ('indicator_state', 'OPEN', 'Open', '进行中', 'جاری'),"
    " ('indicator_state', 'MISSED', 'Missed', '逾期未达成', 'حاصل نہ ہوا'),"
    " ('indicator_state', 'REFERENCE', 'Reference', '仅供参考', 'حوالہ'),"
    " ('indicator_state', 'NO TARGET', 'No target', '无目标', 'کوئی ہدف نہیں'),"
    " ('unit', 'firms', 'firms', '家企业', 'کمپنیاں'),"
    " ('unit', 'agreements', 'agreements', '项协议', 'معاہدے'),"
    " ('unit', 'facilities', 'facilities', '处设施', 'سہولیات'),"
    " ('unit', 'people', 'people', '人', 'افراد'),"
    " ('province', '(not stated)', '(not stated)', '（未说明）', '(درج نہیں)'),"
    " ('issue', 'TRANSITION', 'Step out of order', '步骤次序异常', 'مرحلہ بے ترتیب'),"
    " ('issue', 'ORPHAN_SUPERSEDE', 'Corrects an event never seen', '所更正的事件从未收到',"
    "  'تصحیح ایسے واقعے کی جو کبھی موصول نہیں ہوا'),"
    " ('issue', 'RETRACTS_A_RETRACTION', 'Retracts a retraction', '撤回了一项撤回', 'واپسی کی "
    "واپسی'),"
    " ('issue', 'SUPERSEDE_OTHER_ENTITY', 'Corrects an event about something else', "
    "'更正了其他对象的事件',"
    "  'تصحیح کسی اور شے کے واقعے کی'),"
    " ('issue', 'RIVAL_CORRECTIONS', 'Rival corrections', '同一事件有多项更正', 'ایک واقعے کی کئی "
    "تصحیحات'),"
    " ('issue', 'UNKNOWN_SYMBOL', 'Unknown symbol', '未知代码', 'نامعلوم علامت'),"
    " ('issue', 'RECORDED_BEFORE_OCCURRED', 'Recorded before it occurred', '记录早于发生', 'وقوع "
    "سے پہلے درج'),"
    " ('issue', 'DUPLICATE_ID_OTHER_CONTENT', 'Same id, other content', '编号相同但内容不同',"
    "  'ایک ہی شناخت، مختلف مواد'),"
    " ('issue', 'HEADCOUNT_BALANCE', 'Headcounts do not add up', '人数不符', 'افراد کی تعداد میں "
    "تضاد'),"
    " ('issue', 'NO_SUCH_AGREEMENT', 'No such agreement', '无此协议', 'ایسا کوئی معاہدہ نہیں')"
    ") as label (list, symbol, label_en, label_zh, label_ur)";

const char *const section_empty[LANGUAGE_COUNT] = {"(none)", "（无）", "(کوئی نہیں)"};
const char *const section_report_date[LANGUAGE_COUNT] = {"As of: ", "报告日期：",
                                                         "رپورٹ کی تاریخ: "};
const char *const section_known[LANGUAGE_COUNT] = {"Recorded up to: ", "记录截至：",
                                                   "ریکارڈ کی آخری تاریخ: "};
