/* What the model remembers: the records of the three roles, what is under way, and what only the proofs see.
   A configuration (configurations.yaml) sets the words in capitals; those that it leaves out are 0 here. */
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef ROUTERS
#define ROUTERS 1
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 2        /* 1 + max_retries */
#endif
#ifdef ONE_ATTEMPT       /* message 1 has one */
#define ATTEMPTS_OF(x) ((x) == 1 -> 1 : ATTEMPTS)
#else
#define ATTEMPTS_OF(x) ATTEMPTS
#endif
#ifndef REQUIRED
#define REQUIRED 3        /* required_ack: 1 ROUTER_ACK, 2 DELIVERY_ACK, 3 EXECUTION_ACK */
#endif
/* KEYS 0: each message has its own key; 1: message 1 carries the message_id of message 0 as its key; 2: both
   carry one key that is neither's message_id. */
#ifndef KEYS
#define KEYS 0
#endif

#define RM (r * MESSAGES + m)                       /* a router's record */
#define RMA(at) ((r * MESSAGES + m) * ATTEMPTS + (at) - 1)  /* what is under way */
#define BIT(at) (1 << ((at) - 1))
#define UP_TO(at) ((1 << (at)) - 1)
#define ROUTER_OF(at) (((at) - 1) % ROUTERS)
#define SET(where, bits) where = where | (bits)

/* Under way, as sets: what was sent may come in any order, any number of times, or never. Bits of the sender's
   frames and of those that a router sends to a target: */
#define MSG 1
#define CAN 2
#define TMO 4
#define LAST_FORWARD -3
#define BY_CANCEL -1
#define BY_TIMEOUT -2
#define GONE_WITH_IT 8    /* a MESSAGE that the router's process took */
/* of a router's own ACKs: */
#define RACK 1
#define RREJ 2            /* ROUTER_ACK/REJECTED, not retryable */
#define RREJ_RETRY 4
#define DACK 8
#define DFAIL 16          /* DELIVERY_ACK/FAILURE of a gateway, not retryable */
#define DFAIL_RETRY 32
#define DCAN 64           /* DELIVERY_ACK/FAILURE CANCELLED, never_forwarded */
#define RTMO 128
/* of a target's: `_OLD`: memory_ms is not below the time since the first send; `_NEW`: it is below. */
#define RCPT 1
#define RCPT_FULL 2
#define INP 4             /* EXECUTION_ACK/IN_PROGRESS */
#define HELD 8            /* the same with hold_ms */
#define PRG 16            /* PROGRESS_ACK */
#define SUC 32
#define FAI 64
#define INTR 128          /* FAILURE INTERRUPTED */
#define CXL_STARTED 256   /* FAILURE CANCELLED, started true */
#define CXL_OLD 512       /* the same, started false */
#define CXL_NEW 1024
#define REJ_OLD 2048      /* EXECUTION_ACK/REJECTED, not retryable */
#define REJ_NEW 4096
#define RETRY_OLD 8192    /* the same, retryable */
#define RETRY_NEW 16384
#define TERMINAL (SUC | FAI | INTR | CXL_STARTED | CXL_OLD | CXL_NEW | REJ_OLD | REJ_NEW)
#define ATTESTS (INP | PRG | SUC | FAI | CXL_STARTED)
#define REFUSAL (REJ_OLD | REJ_NEW | RETRY_OLD | RETRY_NEW)
#define PAIRS (ROUTERS * MESSAGES * ATTEMPTS)
byte s2r[PAIRS];          /* sender to router, both sockets */
byte r2s[PAIRS];          /* router to sender, the router's own */
short r2s_t[PAIRS];       /* the same, the target's ACKs */
byte r2t[PAIRS];
short t2r[PAIRS];
bool forged[MESSAGES];    /* a SUCCESS of a module that is not the target, passed on */

/* The sender's records. */
#define UNKNOWN 1
#define NOT_EXECUTED 2
#define EXECUTED 3
#define NO_TIMER 0
#define ROUTER_ACK_TIMER 1
#define DELIVERY_ACK_TIMER 2
#define EXECUTION_TIMER 3
#define BACKOFF 4
byte s_st[MESSAGES];
byte s_att[MESSAGES];
byte s_timer[MESSAGES];
bool s_ttl[MESSAGES];
byte s_rejected[MESSAGES];     /* attempts rejected while they were current in SEND_PENDING */
bool s_attested[MESSAGES];
bool s_late[MESSAGES];         /* the reconcile window is over */
bool s_cancelled[MESSAGES];    /* TIMEOUT_ABORT by CANCEL */
bool s_other[MESSAGES];        /* another message was sent with this one's message_id as key */
byte s_cert[MESSAGES];
bool s_alert[MESSAGES];
bool s_by_exec[MESSAGES];      /* a terminal EXECUTION_ACK decided, or was the success of what required_ack completed */
bool s_by_required[MESSAGES];  /* required_ack completed it */
bool s_provisional[MESSAGES];  /* COMPLETED_FAILURE that rests on no ACK of the target */
bool s_reconciled[MESSAGES];
bool s_sent[MESSAGES];         /* the application sent it, whatever is left of the record */
bool s_due[MESSAGES];          /* the instant at which the life ends has come */

/* The routers' records. */
#define RECORDS (ROUTERS * MESSAGES)
byte r_st[RECORDS];
byte r_cur[RECORDS];
byte r_mark[RECORDS];
byte r_refused[RECORDS];
short r_end[RECORDS];          /* the stored terminal ACK and its attempt */
byte r_end_att[RECORDS];
bool r_redelivery[RECORDS];
bool r_phase[RECORDS];
bool r_ttl[RECORDS];
bool r_letter[RECORDS];

/* The target's records, named by the message that made them, and what it knows of each message. */
byte t_st[MESSAGES];
bool t_ttl[MESSAGES];
bool t_asked[MESSAGES];
bool t_retryable[MESSAGES];    /* REJECTED by a retryable refusal */
bool t_final[MESSAGES];        /* REJECTED by a final refusal of the handler */
bool t_binds[MESSAGES];        /* its key names it still */
bool t_tomb[MESSAGES];
bool t_held[MESSAGES];
short t_end[MESSAGES];         /* its terminal ACK, as `_OLD`; whose first send its memory covers */
byte t_covers[MESSAGES];
short t_now[MESSAGES];         /* the last IN_PROGRESS or PROGRESS_ACK */
byte t_of[MESSAGES];           /* the record that a message is attached to, from 1 */
byte t_att[MESSAGES];
byte t_way[MESSAGES];          /* the routers by which copies came */

/* What only the proofs see. */
byte g_ran;                    /* messages for whose work a handler started, by whichever message */
byte g_claim[MESSAGES];        /* NOT_EXECUTED was said: of these messages */
byte g_starts[MESSAGES];       /* starts of the message's work since the target's store was lost */
bool g_lost[MESSAGES];         /* the target's store was lost after the first send */
bool g_lost_any;
bool g_custody[MESSAGES];      /* a router answered with ROUTER_ACK/SUCCESS */
byte g_stopped[RECORDS];       /* the highest attempt of a CANCEL or TIMEOUT that the router judged */
bool g_target_stopped[MESSAGES]; /* the target judged a CANCEL before a start */
bool g_over[MESSAGES];         /* life and 2 MAX_LATENCY are over */
bool g_key_over;               /* the key window is over */
byte crashes_s, crashes_r, crashes_t;
#ifdef LIVE
bool s_fresh;                  /* the execution timer was armed just now and does not fire yet */
#else
#define s_fresh false
#endif
byte without;                  /* the rule that is left out, 0: none */

/* Of one step. */
hidden byte o_st, o_cert;
hidden byte told;
