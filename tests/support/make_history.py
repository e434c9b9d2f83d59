#!/usr/bin/env python3
"""make_history.py SEED MOST COUNT: COUNT random histories of up to MOST events each, as SQL for psql; SEED is the first.

Few firms, batches, agreements and instants, so that everything meets everything: corrections and retractions before, after and
without their target, of another entity, of one another; rivals; late events; unknown symbols; groups and firms that itemise
them; cleared fields. What arrives in two partitions a type is taken in and folded in random portions. The same for the same
numbers. Histories lie side by side: they share a campaign, a programme and an organisation, and have places of their own.
"""
import json
import random
import sys
import uuid

STAGES = ["PLANNED", "INVITED", "INVITED", "DELIVERED", "BOUNCED", "RESPONDED", "INTERESTED", "REGISTERED", "DECLINED",
          "ATTENDED", "NO_SHOW", "WAITLISTED"]
STATUSES = [None, "UNKNOWN", "ANNOUNCED", "PROPOSED", "NEGOTIATING", "AGREED", "SIGNED", "IN_FORCE", "TERMINATED", "FROZEN"]
TRAINING = ["PROPOSED", "PLANNED", "ENROLLED", "STARTED", "COMPLETED", "CERTIFIED", "DROPPED", "MYSTERY"]
COUNTRIES = [None, "CN", "PK", "DE"]


class History:
    def __init__(self, seed, most, place):
        self.random = random.Random(seed)
        self.most = most
        self.place = place
        self.instants = sorted(self.random.randrange(1640000000, 1672000000) for _ in range(self.random.choice([3, 8, 40])))
        self.ids = {kind: [uuid.UUID(int=self.random.getrandbits(128)) for _ in range(most)]
                    for kind in ("outreach", "agreement", "training")}

    def pick(self, *values):
        return self.random.choice(values)

    def maybe(self, chance):
        return self.random.random() < chance

    def instant(self):
        return self.random.choice(self.instants)

    def day(self, chance):
        return f"2022-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}" if self.maybe(chance) else None

    def organisation(self, name):
        return {"org_id": name, "name": f"{name} {self.pick('', 'Ltd', 'Co')}",
                "names": self.pick({}, {}, {"zh": self.pick("甲", "乙")}), "country": self.random.choice(COUNTRIES),
                "org_type": self.pick("UNKNOWN", "PRIVATE_COMPANY", "REGULATOR", "GUILD"),
                "parent_org_id": self.pick(None, None, "COOP-PARENT", "COOP-OTHER")}

    def envelope(self, kind, number):
        occurred = self.instant()
        recorded = occurred + self.pick(0, 0, 3600, 86400 * self.random.randint(-2, 30))
        ingested = occurred + 86400 * self.random.randint(0, 20) + self.random.randint(0, 9) * 600
        ids = self.ids[kind]
        action = self.random.choices(["ASSERT", "CORRECT", "RETRACT"], [7, 2, 2])[0]
        # Half of all targets are among the first ten, so that there are rivals and chains.
        target = self.random.choice(ids[:10] if self.maybe(0.5) else ids) if action != "ASSERT" or self.maybe(0.05) else None
        if target == ids[number]:
            target = uuid.UUID(int=number + 1)
        return {"event_id": ids[number], "source": self.pick("a", "a", "b"), "occurred_at": f"@{occurred}",
                "occurred_precision": self.pick("INSTANT", "DAY", "WEEK") if self.maybe(0.5) else "DAY",
                "recorded_at": f"@{recorded}", "action": action, "supersedes_event_id": target, "extensions": "{}",
                "topics": self.pick([], ["one"], ["one", "two"]), "note": self.pick(None, "a note"),
                "published_at": self.pick(None, f"@{ingested - self.random.randint(0, 5) / 8}"),
                "ingested_at": f"@{ingested}", "avro": "\\x00", "schema_id": 1}

    def flat(self, row, prefix, record):
        for name in ("org_id", "name", "names", "country", "org_type", "parent_org_id"):
            row[f"{prefix}_{name}"] = record and record[name]
        if record:
            row[f"{prefix}_names"] = json.dumps(record["names"])

    def outreach(self, row):
        firm = self.pick(None, *(f"COOP-F{self.place}-{n}" for n in (1, 1, 1, 2, 3)))
        row |= {"campaign_id": self.pick("CMP-STZA-FORUM-2022", "CMP-STZA-FORUM-2022", f"C{self.place}"), "stage": self.random.choice(STAGES),
                "channel": self.pick("LETTER", "LETTER", "EMAIL", "PIGEON"), "org_count": self.pick(0, 1, 2, 3, 2147483647),
                "count_basis": "EXACT", "batch_id": self.pick(None, f"B{self.place}-1", f"B{self.place}-2"),
                "audience_sectors": self.pick([], ["PUBLIC"], ["PUBLIC", "GHOST"]), "engagement_precision": "DAY"}
        self.flat(row, "initiator", self.organisation(self.pick("COOP-STZA", "COOP-X")))
        self.flat(row, "recipient", firm and self.organisation(firm))
        row["entity_key"] = f"{row['campaign_id']}|{firm or '#' + (row['batch_id'] or '-')}"

    def agreement(self, row):
        fields = ["title", "expected_signing_date", "signed_date", "effective_date", "expiry_date", "value", "parties",
                  "facilities", "topics", "parent_agreement_id"]
        value = self.maybe(0.4)
        facility = lambda: {"facility_id": self.pick(f"F{self.place}-1", f"F{self.place}-2"), "name": self.pick("One", "Two"), "names": {},
                            "facility_type": self.pick("UNKNOWN", "TECHNOLOGY_CENTER", "MOON_BASE"),
                            "ownership": self.pick("UNKNOWN", "JOINT_VENTURE"),
                            "facility_status": self.pick("UNKNOWN", "PLANNED", "OPERATIONAL"),
                            "place": {"country": self.pick("CN", "PK"), "subdivision": None, "locality": None},
                            "purpose": self.pick(None, "to show"), "planned_opening_date": self.day(0.3)}
        party = lambda: {"org": self.organisation(self.pick("COOP-STZA", f"COOP-P{self.place}-1", f"COOP-P{self.place}-2")),
                         "role": self.pick("LEAD", "SIGNATORY", "UNKNOWN", "WITNESS"),
                         "share_percent": self.pick(None, "12.5000", "50.0000")}
        row |= {"agreement_id": self.pick(*(f"A{self.place}-{n}" for n in (1, 2, 3))), "agreement_type": self.pick("UNKNOWN", "MOU", "PACT"),
                "change_kind": "STATUS", "status": self.random.choice(STATUSES), "title": self.pick(None, "Title", "Other title"),
                "titles": "{}", "parties": json.dumps([party() for _ in range(self.random.randint(0, 3))]),
                "expected_signing_date": self.day(0.4), "expected_signing_precision": self.pick("DAY", "MONTH"),
                "signed_date": self.day(0.2), "effective_date": self.day(0.2), "expiry_date": self.day(0.1),
                "value_amount": f"{self.random.randint(1, 10**6)}.5" if value else None,
                "value_currency": self.pick("USD", "PKR") if value else None, "value_basis": "ESTIMATED" if value else None,
                "facilities": json.dumps([facility() for _ in range(self.random.randint(0, 2))]),
                "parent_agreement_id": self.pick(None, None, "A9"), "amendment_no": self.pick(None, None, 1, 2),
                "cleared_fields": self.random.sample(fields, self.pick(0, 0, 0, 1, 2))}
        row["entity_key"] = row["agreement_id"]

    def training(self, row):
        headcount = self.pick(0, 5, 20, 2147483647)
        row |= {"programme_id": self.pick("PRG-GOV-IT", "P2"), "cohort_id": self.pick(f"C{self.place}-1", f"C{self.place}-2"), "titles": "{}",
                "stage": self.random.choice(TRAINING), "headcount": headcount, "headcount_female": self.pick(None, 0, 3),
                "minutes_per_person": self.pick(None, 60, 2147483647), "audience": self.pick("FEDERAL_GOVERNMENT", "FEDERAL_GOVERNMENT", "ALIENS"),
                "subject_code": self.pick(None, None, "0611"), "delivery_mode": "ONLINE", "place_country": "PK",
                "place_subdivision": self.pick(None, None, "PK-PB"), "agreement_id": self.pick(None, None, *(f"A{self.place}-{n}" for n in (1, 2, 8)))}
        self.flat(row, "provider", self.pick(None, self.organisation(self.pick(f"COOP-F{self.place}-1", "COOP-T"))))
        self.flat(row, "beneficiary", self.pick(None, self.organisation("COOP-B")))
        row["entity_key"] = f"{row['programme_id']}|{row['cohort_id']}"

    @staticmethod
    def literal(column, value):
        if value is None:
            return "null"
        if column in ("topics", "cleared_fields", "audience_sectors"):
            return f"array[{','.join(repr(item) for item in value)}]::text[]"
        if column in ("occurred_at", "recorded_at", "published_at", "ingested_at"):
            return f"to_timestamp({value[1:]})"
        return "'" + str(value).replace("'", "''") + "'"

    def print_sql(self):
        streams = {"outreach": 1, "agreement": 2, "training": 3}
        offsets = {}
        number = {kind: 0 for kind in streams}
        for _ in range(self.random.randint(1, self.most)):
            kind = self.random.choices(list(streams), [3, 1, 1])[0]
            row = self.envelope(kind, number[kind])
            number[kind] += 1
            getattr(self, kind)(row)
            place = (streams[kind], 2 * self.place + self.random.randint(0, 1))
            offset = offsets.get(place, 0) + self.pick(0, 0, 0, 5)
            offsets[place] = offset + 1
            row |= {"stream_id": place[0], "kafka_partition": place[1], "kafka_offset": offset}
            print(f"insert into event.{kind} ({', '.join(row)}) values ({', '.join(self.literal(*pair) for pair in row.items())});")
            print(f"insert into ingest.position (stream_id, kafka_partition, next_offset) values ({place[0]}, {place[1]}, {offset + 1}) "
                  "on conflict (stream_id, kafka_partition) do update set next_offset = excluded.next_offset;")
            if self.maybe(0.05):
                print("insert into ingest.duplicate (stream_id, kafka_partition, kafka_offset, event_id, same_content) values "
                      f"({place[0]}, {99 + self.place}, {number[kind]}, '{row['event_id']}', {self.pick('true', 'false')});")
            if self.maybe(self.fold_chance):
                print(f"select state.fold({self.pick(1, 3, 1000)}) \\g /dev/null")
        print("do $$ begin while (select f.behind > 0 from state.fold(40) as f) loop end loop; end $$;")


if __name__ == "__main__":
    seed, most, count = (int(word) for word in sys.argv[1:4])
    for place in range(count):
        history = History(seed + place, most, place)
        history.fold_chance = history.pick(0, 0.03, 0.1, 0.3)
        history.print_sql()
