/*
 * The protocol of claim and advance, small enough that spin looks at every schedule of it.
 *
 * One Kafka partition holds MESSAGES messages. CONSUMERS consumers take turns in it and store the
 * messages in PostgreSQL. A message is stored *exactly once*, whatever happens:
 *
 *   - the group gives the partition to another consumer, and the old one does not know yet;
 *   - a connection is cut, also between COMMIT and its answer; what was sent may still be done;
 *   - a consumer crashes and starts anew, or stops for ever with its transaction open;
 *   - a standby is promoted that has not got the last commits.
 *
 * How often each may happen is bounded by the numbers below, so that the search ends.
 * tests/model/model.sh gives the numbers, runs the search, and plants the faults.
 *
 * How to read Promela: "do :: guard -> steps :: guard -> steps od" takes any one of the lines
 * whose guard holds, for ever. spin follows all of the choices. A d_step happens as a whole. Time
 * does not exist: a process that could go on may still wait as long as it likes.
 *
 * The names are those of the code: "claim", "advance" and "end_holder" are functions of
 * sql/migrations; "position", "flying", "filling" and "orphan" are fields of the consumer.
 *
 * What the model leaves out: several partitions and lanes, transaction markers, partitions that
 * are held, rejects, a topic that is made anew, positions set by hand. It also leaves out the
 * unique constraints of the event tables, which are a second net: the protocol must do without.
 * And it takes for granted that an old primary is dead once a standby has been promoted.
 *
 * An #ifdef with one of these names plants a fault:
 *
 *   NO_EPOCH                       advance() does not compare the epoch
 *   NO_POSITION                    advance() does not compare the position
 *   NO_LOCK                        advance() compares without locking the row
 *   ADVANCE_ALONE                  advance() is committed before the rows
 *   ROWS_ALONE                     the rows are committed before advance()
 *   CLAIM_KEEPS_EPOCH              claim() does not raise the epoch
 *   CLAIM_MISSING_AFTER_RECONNECT  a new connection goes on with the old claim
 *   POSITION_FROM_GROUP            reading begins where the group says, not PostgreSQL
 *   KEEP_AFTER_FENCING             what was read behind the lost batch is kept
 *   NO_DROP_AFTER_MOVE             what is held is kept though the position has moved
 *   PARTLY_STORED_AGAIN            a batch of which a window is stored is written as a whole
 *   READ_ON_AFTER_DROP             after a drop reading goes on instead of beginning anew
 *   NO_END_HOLDER                  a claim waits for ever for a backend that has the lock
 *   NO_LOCK_TIMEOUT                a write waits for ever for a backend that has the lock
 *
 * With ONLY_EXACTLY_ONCE a stale owner is not looked for: the search finds what follows from it.
 */

#ifndef MESSAGES
#define MESSAGES 3
#endif
#ifndef CONSUMERS
#define CONSUMERS 2
#endif
#ifndef MOVES
#define MOVES 2 /* How often the group gives the partition away, or gives it anew. */
#endif
#ifndef CUTS
#define CUTS 2 /* Connections cut and consumers crashed, together. */
#endif
#ifndef HASTES
#define HASTES 1 /* Claims by a consumer that has not heard yet that it lost the partition. */
#endif
#ifndef SIEVE
#define SIEVE 1 /* 1: a batch may be written in windows, a transaction each; 0: always as a whole. */
#endif
#ifndef STOPS
#define STOPS 0 /* Consumers that stop for ever. */
#endif
#ifndef FAILOVERS
#define FAILOVERS 0
#endif

/* Sets of messages are bits: message 0 is 1, message 1 is 2, message 2 is 4. */
#define before(offset) ((1 << (offset)) - 1)
#define all before(MESSAGES)
#define first_of(set) ((set) & -(set))
#define end_of(set) ((set) >= 8 -> 4 : ((set) >= 4 -> 3 : ((set) >= 2 -> 2 : (set))))
#define NOBODY 255

/* ---- PostgreSQL: what is committed ---- */

/* The row of ingest.position, with the messages whose rows are in the event table. */
typedef Database {
    byte epoch;
    byte position; /* next_offset */
    byte owner;    /* Who claimed last; the protocol never compares it, the checks do. */
    byte stored;   /* A set of messages. */
};
Database db;

/* What has reached the standby. */
Database standby;

/* The session that has locked the row; NOBODY: none. */
byte holder = NOBODY;

/* ---- PostgreSQL: its sessions ---- */

/* What a session is doing. */
#define CLOSED     0 /* There is no such session. */
#define IDLE       1
#define CLAIM_SENT 2 /* The server has ingest.claim() and has not run it. */
#define CLAIMED    3 /* The claim is committed; the answer is under way. */
#define WRITE_SENT 4 /* The server has advance() and the rows and has not begun. */
#define WRITE_OPEN 5 /* advance() has matched, the row is locked, nothing is committed. */
#define WRITTEN    6 /* Committed; the answer is under way. */
#define FENCED     7 /* advance() has raised CT001; the answer is under way. */
#define BROKEN     8 /* The server has ended it, and the client has not noticed. */

typedef Session {
    byte phase;
    byte client;
    byte epoch;    /* To be compared; or what the claim has answered. */
    byte position; /* The old offset to be compared; or what the claim has answered. */
    byte rows;     /* The messages to be stored. */
};

/*
 * Session c is that of consumer c. The others are sessions whose client is gone: a server that
 * has not noticed yet still does what it was sent.
 */
#define LEFT_BEHIND 2
#define SESSIONS (CONSUMERS + LEFT_BEHIND)
#define is_left(s) ((s) >= CONSUMERS)
Session session[SESSIONS];

/* ---- The group ---- */

byte given = 0;        /* The consumer that has the partition. */
bool news[CONSUMERS];  /* The group has decided, and the consumer has not heard it. */

/* ---- The consumers: struct partition, struct claims and struct outlet ---- */

typedef Consumer {
    bool mine;        /* The group has said so. */
    bool reading;     /* PARTITION_READING; else PARTITION_CLAIMING. */
    byte epoch;       /* Of the last claim. */
    byte position;    /* First offset not yet stored, as PostgreSQL has last said. */
    byte next_offset; /* First offset not yet in a batch. */
    byte fetch;       /* Offset of the message that Kafka's client hands out next. */
    bool due;         /* claims.due_ms: a claim is to be sent. */
    bool under_way;   /* claims.is_under_way */
    byte expected;    /* The position before the claim. */
    byte filling;     /* The batch that fills: a set of messages. */
    byte flying;      /* The batch that is written, or is to be written again. */
    bool orphan;      /* The flying batch is of a partition that was taken back. */
};
Consumer consumer[CONSUMERS];

#define me consumer[c]
#define lane session[c]
#define awake (stopped != c)
#define is_writing(phase) ((phase) >= WRITE_SENT)

byte moves = MOVES, cuts = CUTS, hastes = HASTES, stops = STOPS, failovers = FAILOVERS;
byte stopped = NOBODY;

#ifdef POSITION_FROM_GROUP
byte group_offset;
#endif

/* ---- The properties; model.sh says which of them has broken ---- */

bool stored_twice, written_by_a_stale_owner, rows_and_position_differ, not_all_stored;

/* Before a transaction commits rows. */
inline check_rows(s) {
#ifndef ONLY_EXACTLY_ONCE
    written_by_a_stale_owner = session[s].epoch != db.epoch || session[s].client != db.owner;
    assert(!written_by_a_stale_owner);
#endif
    stored_twice = (session[s].rows & db.stored) != 0;
    assert(!stored_twice)
}

/* After it: everything before the position is stored, and nothing else. */
inline check_position() {
    rows_and_position_differ = db.stored != before(db.position);
    assert(!rows_and_position_differ)
}

/* ---- What the server does ---- */

inline unlock(s) {
    if
    :: holder == s -> holder = NOBODY
    :: else
    fi
}

inline forget(s) {
    session[s].phase = CLOSED;
    session[s].client = 0;
    session[s].epoch = 0;
    session[s].position = 0;
    session[s].rows = 0
}

/* The server ends a session: its transaction is rolled back. */
inline end_session(s) {
    unlock(s);
    if
    :: is_left(s) || session[s].phase == CLOSED -> forget(s)
    :: else -> forget(s); session[s].phase = BROKEN
    fi
}

/* Nobody waits for the answer of a session whose client is gone. */
inline answer(s, what) {
    if
    :: is_left(s) -> forget(s)
    :: else -> session[s].phase = what; session[s].rows = 0
    fi
}

#ifdef NO_EPOCH
#define epoch_matches(s) true
#else
#define epoch_matches(s) (session[s].epoch == db.epoch)
#endif
#ifdef NO_POSITION
#define position_matches(s) true
#else
#define position_matches(s) (session[s].position == db.position)
#endif

/* A holder that is alive has committed before the time-out, unless it is slow: that counts as a cut. */
#define is_alive(s) (!is_left(s) && stopped != (s))
#define is_impatient(s) (is_alive(s) && (!is_alive(holder) || cuts > 0))
inline pay_for_patience() {
    if
    :: is_alive(holder) -> cuts--
    :: else
    fi
}

/* One backend of PostgreSQL. */
proctype backend(byte s)
{
    byte held_by;

end:
    do
    /* ingest.claim(): waits for the row's lock, raises the epoch, gives the position; commits. */
    :: d_step { session[s].phase == CLAIM_SENT && holder == NOBODY ->
#ifndef CLAIM_KEEPS_EPOCH
        db.epoch++;
#endif
        db.owner = session[s].client;
        session[s].epoch = db.epoch;
        session[s].position = db.position;
        printf("session %d: claim gives epoch %d, position %d\n", s, db.epoch, db.position);
        answer(s, CLAIMED) }

    /*
     * lock_timeout. A claim has ingest.end_holder() end the backend that has the lock, and waits
     * again. A write loses its connection (SQLSTATE_OUTAGE), so that a claim comes next.
     */
#ifndef NO_END_HOLDER
    :: d_step { session[s].phase == CLAIM_SENT && holder != NOBODY && is_impatient(s) ->
        printf("session %d: end_holder ends session %d\n", s, holder);
        pay_for_patience();
        held_by = holder;
        end_session(held_by);
        held_by = 0 }
#endif
#ifndef NO_LOCK_TIMEOUT
    :: d_step { session[s].phase == WRITE_SENT && holder != NOBODY && is_impatient(s) ->
        printf("session %d: has waited too long for session %d\n", s, holder);
        pay_for_patience();
        end_session(s) }
#endif

    /* ingest.advance(): locks the row and compares. A mismatch is CT001, and nothing is done. */
    :: d_step { session[s].phase == WRITE_SENT && holder == NOBODY ->
        if
        :: epoch_matches(s) && position_matches(s) ->
#ifndef NO_LOCK
            holder = s;
#endif
            session[s].phase = WRITE_OPEN;
            printf("session %d: advance matches\n", s);
#ifdef ADVANCE_ALONE /* The fault: advance() is committed, and the rows come afterwards. */
            holder = NOBODY;
            db.position = end_of(session[s].rows);
#endif
#ifdef ROWS_ALONE /* The fault: the rows are committed, and advance() comes afterwards. */
            check_rows(s);
            holder = NOBODY;
            db.stored = db.stored | session[s].rows;
#endif
        :: else ->
            printf("session %d: CT001, not epoch %d or not position %d\n", s, session[s].epoch, session[s].position);
            answer(s, FENCED)
        fi }

    /*
     * The rows are there, and COMMIT makes both visible. A client that has stopped has perhaps
     * not sent all of them: then its transaction stays open.
     */
    :: d_step { session[s].phase == WRITE_OPEN && (is_left(s) || stopped != s) ->
        printf("session %d: commits the set of messages %d, position %d\n", s, session[s].rows, end_of(session[s].rows));
#ifndef ROWS_ALONE
        check_rows(s);
        db.stored = db.stored | session[s].rows;
#endif
#ifndef ADVANCE_ALONE
        db.position = end_of(session[s].rows);
#endif
        check_position();
        unlock(s);
        session[s].position = db.position;
        answer(s, WRITTEN) }

    /* The client is gone, and the server notices. */
    :: d_step { is_left(s) && session[s].phase != CLOSED ->
        printf("session %d: is rolled back, its client is gone\n", s);
        end_session(s) }
    od
}

/* ---- What the consumer does ---- */

/* outlet_drop() */
inline drop() {
    me.flying = 0;
    me.filling = 0;
    me.orphan = false
}

/* lane_write(), or the next window of a batch in the sieve. */
inline send_rows(set) {
    lane.client = c;
    lane.epoch = me.epoch;
    lane.position = me.position;
    lane.rows = set;
    lane.phase = WRITE_SENT;
    printf("consumer %d: writes the set of messages %d with epoch %d, position %d\n", c, lane.rows, lane.epoch, lane.position)
}

/* What fills begins to fly, unless something waits to be written again. */
inline take_off() {
    if
    :: me.flying == 0 -> me.flying = me.filling; me.filling = 0; me.orphan = false
    :: else
    fi
}

/* The connection is gone. A request that has not been answered may go on at the server. */
inline leave_session() {
    if
    :: lane.phase == CLAIM_SENT || lane.phase == WRITE_SENT || lane.phase == WRITE_OPEN ->
        left = CONSUMERS;
        do
        :: session[left].phase != CLOSED -> left++
        :: else -> break
        od;
        session[left].phase = lane.phase;
        session[left].client = c;
        session[left].epoch = lane.epoch;
        session[left].position = lane.position;
        session[left].rows = lane.rows;
        if
        :: holder == c -> holder = left
        :: else
        fi;
        printf("session %d goes on as session %d, without a client\n", c, left);
        left = 0
    :: else
    fi;
    forget(c)
}
#define is_room_left (session[SESSIONS - 1].phase == CLOSED || session[SESSIONS - 2].phase == CLOSED)

/* Until the next claim nobody reads these. To forget them makes fewer states to look at. */
inline tidy() {
    if
    :: !me.reading && !is_writing(lane.phase) ->
        me.epoch = 0;
        me.position = 0;
        me.expected = 0;
        me.next_offset = 0;
        me.fetch = 0
    :: else
    fi
}

/*
 * LANE_LOST, and LANE_CONNECTED right after it: everything is claimed again. How long the
 * connecting takes does not matter, since the claim may wait as long as it likes.
 */
inline connect_anew() {
    me.under_way = false;
    me.expected = 0;
    if
    :: me.orphan -> me.flying = 0; me.orphan = false
    :: else
    fi;
    lane.phase = IDLE;
#ifdef CLAIM_MISSING_AFTER_RECONNECT
    me.due = me.mine && !me.reading;
#else
    me.due = me.mine;
#endif
    tidy()
}

/* revoke() and outlet_orphan(): what is under way may land, the rest is dropped. */
inline revoke() {
    me.filling = 0;
    if
    :: !is_writing(lane.phase) -> me.flying = 0
    :: else -> me.orphan = me.flying != 0
    fi;
    me.mine = false;
    me.reading = false;
    me.due = false;
    me.under_way = false;
    tidy()
}

/* assignment_place() and assignment_read(): read from the position. */
inline place() {
    me.next_offset = me.position;
#ifdef POSITION_FROM_GROUP
    me.next_offset = group_offset;
#endif
#ifdef READ_ON_AFTER_DROP
    if
    :: me.reading
    :: else -> me.fetch = me.next_offset
    fi;
#else
    me.fetch = me.next_offset;
#endif
    me.reading = true
}

/* has_moved() and outlet_is_partly_stored(): must what we hold be dropped? */
#ifdef NO_DROP_AFTER_MOVE
#define has_moved (!me.reading)
#else
#define has_moved (!me.reading || me.position != me.expected)
#endif
#if defined(PARTLY_STORED_AGAIN) || defined(NO_DROP_AFTER_MOVE)
#define is_partly_stored false
#else
#define is_partly_stored (me.flying & before(me.position))
#endif

/* A claim waits for its turn; a consumer that has not heard the group's news seldom does. */
#define may_claim (me.due && lane.phase == IDLE && (!news[c] || hastes > 0))
#define may_write (lane.phase == IDLE && !me.due && !me.under_way && (me.flying || me.filling))
#define to_write (me.flying -> me.flying : me.filling)

proctype run_consumer(byte c)
{
    byte left;

end:
    do
    /* The group has decided: SOURCE_REVOKED, and SOURCE_ASSIGNED where the partition is ours. */
    :: d_step { awake && news[c] ->
        news[c] = false;
        revoke();
        if
        :: given == c ->
            me.mine = true;
            me.due = true;
            printf("consumer %d: is given the partition\n", c)
        :: else -> printf("consumer %d: has no partition\n", c)
        fi }

    /* claims_begin() */
    :: d_step { awake && may_claim ->
        if
        :: news[c] -> hastes--
        :: else
        fi;
        me.due = false;
        me.under_way = true;
        me.expected = me.position;
        lane.client = c;
        lane.phase = CLAIM_SENT;
        printf("consumer %d: claims\n", c) }

    /* LANE_CLAIMED: take_claims(), then after_claim(). */
    :: d_step { awake && lane.phase == CLAIMED ->
        me.epoch = lane.epoch;
        me.position = lane.position;
        forget(c);
        lane.phase = IDLE;
        if
        :: me.under_way && (has_moved || is_partly_stored) ->
            drop();
            place();
            printf("consumer %d: begins to read at %d\n", c, me.fetch)
        :: else -> printf("consumer %d: goes on as before\n", c)
        fi;
        me.expected = 0;
        me.under_way = false;
        tidy() }

    /* take_message(): the next message goes into the batch that fills. */
    :: d_step { awake && me.reading && me.fetch < MESSAGES ->
        if
        :: me.fetch >= me.next_offset ->
            me.filling = me.filling | (1 << me.fetch);
            me.next_offset = me.fetch + 1;
            printf("consumer %d: reads message %d\n", c, me.fetch)
        :: else
        fi;
        me.fetch++ }

    /* outlet_write(): the whole batch; */
    :: d_step { awake && may_write -> take_off(); send_rows(me.flying) }
#if SIEVE
    /* or, where PostgreSQL refuses a row, one window of it after the other. */
    :: d_step { awake && may_write && to_write != first_of(to_write) -> take_off(); send_rows(first_of(me.flying)) }
#endif

    /* LANE_WRITTEN, or the next window. */
    :: d_step { awake && lane.phase == WRITTEN ->
        me.position = lane.position;
        if
        :: me.next_offset < me.position -> me.next_offset = me.position
        :: else
        fi;
        if
        :: me.flying & ~before(me.position) -> send_rows(me.flying & ~before(me.position))
        :: else ->
            printf("consumer %d: knows that it has written\n", c);
            me.flying = 0;
            me.orphan = false;
            forget(c);
            lane.phase = IDLE;
            tidy()
        fi }

    /* LANE_FENCED: after_fencing() */
    :: d_step { awake && lane.phase == FENCED ->
        printf("consumer %d: is fenced\n", c);
        forget(c);
        lane.phase = IDLE;
        if
        :: me.orphan -> me.flying = 0; me.orphan = false
        :: else ->
#ifdef KEEP_AFTER_FENCING
            me.flying = 0;
#else
            drop();
            me.reading = false;
#endif
            me.due = me.mine
        fi;
        tidy() }

    /* LANE_LOST: the server has ended the session, */
    :: d_step { awake && lane.phase == BROKEN ->
        printf("consumer %d: sees that its connection is gone\n", c);
        forget(c);
        connect_anew() }
    /* or the network has cut the connection. */
    :: d_step { awake && cuts > 0 && lane.phase != BROKEN && is_room_left ->
        cuts--;
        printf("consumer %d: its connection is cut\n", c);
        leave_session();
        connect_anew() }

    /* The consumer crashes; started anew, it joins the group. */
    :: d_step { awake && cuts > 0 && is_room_left ->
        cuts--;
        printf("consumer %d: crashes\n", c);
        leave_session();
        lane.phase = IDLE;
        revoke();
        me.flying = 0;
        me.orphan = false;
        tidy();
        news[c] = true }

#ifdef POSITION_FROM_GROUP
    /* assignment_commit(): the real consumer writes this for lag displays and never reads it. */
    :: d_step { awake && me.reading && group_offset < me.position -> group_offset = me.position }
#endif
    od
}

/* ---- What happens to them ---- */

inline give(to) {
    given = to;
    printf("the group gives the partition to consumer %d\n", to);
    i = 0;
    do
    :: i < CONSUMERS -> news[i] = consumer[i].mine || i == to; i++
    :: else -> break
    od;
    i = 0
}

#define standby_lags (standby.epoch != db.epoch || standby.position != db.position || standby.owner != db.owner)

proctype world()
{
    byte i;

end:
    do
    /* A rebalance. */
    :: d_step { moves > 0 && stopped != 0 -> moves--; give(0) }
    :: d_step { moves > 0 && stopped != 1 -> moves--; give(1) }
#if CONSUMERS > 2
    :: d_step { moves > 0 && stopped != 2 -> moves--; give(2) }
#endif

    /* A consumer stops for ever; the group notices that. */
    :: d_step { stops > 0 && stopped == NOBODY ->
        stops--;
        stopped = given;
        printf("consumer %d stops for ever\n", stopped);
        give((stopped + 1) % CONSUMERS) }

    /* The standby gets what the primary has committed. */
    :: d_step { failovers > 0 && standby_lags ->
        printf("the standby has got all that is committed\n");
        standby.epoch = db.epoch;
        standby.position = db.position;
        standby.owner = db.owner;
        standby.stored = db.stored }

    /* The standby is promoted: rows, position and epoch go back together; all sessions end. */
    :: d_step { failovers > 0 ->
        failovers--;
        db.epoch = standby.epoch;
        db.position = standby.position;
        db.owner = standby.owner;
        db.stored = standby.stored;
        printf("the standby is promoted: epoch %d, position %d\n", db.epoch, db.position);
        i = 0;
        do
        :: i < SESSIONS -> end_session(i); i++
        :: else -> break
        od;
        i = 0 }
    od
}

/* When nobody can do anything any more, everything must be stored. */
proctype at_the_end()
{
    timeout ->
    not_all_stored = db.stored != all || db.position != MESSAGES;
    assert(!not_all_stored)
}

init {
    byte i;

    atomic {
        i = 0;
        do
        :: i < CONSUMERS -> session[i].phase = IDLE; news[i] = i == given; run run_consumer(i); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < SESSIONS -> run backend(i); i++
        :: else -> break
        od;
        i = 0;
        run world();
        run at_the_end()
    }
}
