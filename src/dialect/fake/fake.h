/* SPDX-License-Identifier: MIT */
/* A database in memory for tests, with faults on order.
 *
 * `fake://name` is a database that lives until cup_fake_reset() and is shared
 * by all its wires. It speaks a small SQL with real transactions, so that what
 * is proven on it means something, and it behaves like a server: whatever would
 * be a round trip suspends the task, at least for a turn of the loop. Outside
 * tasks it takes no time.
 *
 * Of the url's query, the key pool_limit is what the dialect says of the same
 * name, and private=1 makes the database one that only a connection sees, in
 * the dialect's opinion: in truth all wires share it. Isolation levels are
 * names, and what is done at them does not differ, but for AUTOCOMMIT. The
 * session switch fake_readonly refuses to write. */
#ifndef CUP_DIALECT_FAKE_FAKE_H
#define CUP_DIALECT_FAKE_FAKE_H

#include <cupel/ext/dialect.h>

extern const cupel_dialect cup_fake_dialect;

/* What talks to the server. */
enum cup_fake_op {
    CUP_FAKE_CONNECT,
    CUP_FAKE_EXECUTE,
    CUP_FAKE_FETCH,
    CUP_FAKE_CLOSE_ROWS,
    CUP_FAKE_COMMIT,
    CUP_FAKE_ROLLBACK,
    CUP_FAKE_CANCEL,
    CUP_FAKE_CLOSE,
    CUP_FAKE_ADOPT,
    CUP_FAKE_PING,
    CUP_FAKE_INITIALIZE,
    CUP_FAKE_SET_ISOLATION,
    CUP_FAKE_GET_ISOLATION,
    CUP_FAKE_SET_SWITCH,
    CUP_FAKE_BEGIN_TWOPHASE,
    CUP_FAKE_PREPARE_TWOPHASE,
    CUP_FAKE_COMMIT_TWOPHASE,
    CUP_FAKE_ROLLBACK_TWOPHASE,
    CUP_FAKE_RECOVER_TWOPHASE,
    CUP_FAKE_ANY /* in a fault: each of them; also how many there are */
};

enum cup_fake_fault_kind {
    CUP_FAKE_ERROR,        /* the server refuses, and does nothing */
    CUP_FAKE_DELAY,        /* takes delay_ms longer, then works */
    CUP_FAKE_HANG,         /* never answers */
    CUP_FAKE_HANG_UP,      /* lost after delay_ms, nothing was done */
    CUP_FAKE_HANG_UP_AFTER /* done, but lost before the answer was out */
};

/* One fault. It waits for the `nth` call of its kind that comes after it was
 * ordered, and then goes, unless it is for good. */
struct cup_fake_fault {
    enum cup_fake_op op;
    unsigned long nth; /* from 1; 0 is 1 */
    bool for_good;     /* that call and all later ones */
    const char *sql;   /* counts only calls whose statement, level, switch or
                          xid contains this; borrowed */
    enum cup_fake_fault_kind kind;
    cupel_status status;  /* of an ERROR; 0: what its sqlstate stands for */
    const char *sqlstate; /* of an ERROR, borrowed; NULL: "XX000" */
    int64_t delay_ms;     /* of all kinds: on top of the latency */
};

/* Order a fault; at most 32 wait at a time (asserted). Several for one call
 * all count it, and the first that is due strikes. */
void
cup_fake_fault(const struct cup_fake_fault *fault);

/* Forget the faults that have not struck. */
void
cup_fake_faults_clear(void);

/* How long every operation takes: 0, one turn of the loop, by default. */
void
cup_fake_latency(int64_t span_ms);

/* How the server ends every connection there is: a restart, or a failover. No
 * wire knows before it looks. */
void
cup_fake_hang_up_all(void);

/* Calls of an operation (or of CUP_FAKE_ANY) since the last reset. */
unsigned long
cup_fake_calls(enum cup_fake_op op);

/* Wires that exist now, and the most that existed at once. */
size_t
cup_fake_wire_count(void);
size_t
cup_fake_wire_peak(void);

/* Statements the server got since the last reset or cup_fake_log_clear(). */
size_t
cup_fake_log_count(void);

/* One of them, the oldest first, as it was received; what is longer than 1 KiB
 * is cut. NULL out of range, and for all but the newest 128. */
const char *
cup_fake_log(size_t index);

void
cup_fake_log_clear(void);

/* ---- The trace: every call of the dialect, in order ----------------------
 *
 * Also those that had nothing to send, such as a rollback without a
 * transaction. A line is the member's name, and what it was called with:
 * "connect", "begin", "execute SELECT 1", "fetch", "close_rows", "commit",
 * "rollback", "rollback_ahead", "cancel", "close", "free", "adopt", "ping",
 * "initialize", "set_isolation_level SERIALIZABLE", "get_isolation_level",
 * "set_session_switch fake_readonly on", "prepare_twophase xid",
 * "commit_twophase xid prepared". A BEGIN that goes ahead of a statement is the
 * line "begin". */

/* Lines since the last reset or cup_fake_trace_clear(). */
size_t
cup_fake_trace_count(void);

/* One of them, the oldest first; cut at 256 bytes. NULL out of range, and for
 * all but the newest 256. */
const char *
cup_fake_trace(size_t index);

/* The wire of that line: the n-th that was connected or adopted since the last
 * reset, from 1. 0 for a note. */
unsigned long
cup_fake_trace_wire(size_t index);

/* All lines, with "; " between them, in static memory until the next call. */
const char *
cup_fake_trace_text(void);

/* Write a line of the test's own between them: an event, say. */
void
cup_fake_trace_note(const char *line);

void
cup_fake_trace_clear(void);

/* A connection as somebody else opens it, for the dialect's adopt(), who takes
 * it: what driver_connection() gives of a wire. NULL: no memory. */
void *
cup_fake_connection_open(const char *database);

/* Close one that nobody adopted. */
void
cup_fake_connection_close(void *connection);

/* Forget everything: databases, faults, counts, log and trace. Wires that exist
 * keep the database they are connected to. */
void
cup_fake_reset(void);

#endif
