/* What is proved; README.md says what each name promises. The names are 0, and stand in what SPIN prints. */
hidden byte not_executed_is_never_wrong,
            one_start_while_the_record_lives,
            every_message_ends,
            no_timer_after_the_end,
            timer_of_its_state,
            one_reconciliation,
            executed_stays_executed,
            no_silent_failure,
            success_needs_a_start,
            always_a_custodian,
            no_record_waits_for_a_frame_alone,
            no_forward_after_the_end,
            a_settled_record_has_its_end,
            nothing_is_sent_without_life,
            one_alert,
            no_end_is_swallowed,
            no_success_against_a_failure,
            a_refused_message_is_not_delivered,
            what_was_stopped_is_not_forwarded,
            settled_work_is_answered_with_its_end,
            a_cancel_is_passed_on,
            the_end_is_passed_on,
            what_was_cancelled_first_is_not_started,
            no_start_without_life,
            a_refusal_ends_nothing_that_is_routed,
            no_key_is_poisoned,
            one_start_of_a_key,
            no_proof_is_disproved,
            no_impossible_cell;
#define CHECK(name, condition) assert(name || (condition))
#define IMPOSSIBLE assert(no_impossible_cell)
#define KEPT(rule) (without != rule)
#define CELL(number) c_code { cells[number] = 1; }

c_decl {
  \#include <stdlib.h>
  static char cells[CELLS + 1];
  static void tell_model(void) {
    int i;
    printf("cells:");
    for (i = 0; i < CELLS; i++) if (cells[i]) printf(" %d", i);
    printf("\n");
  }
  static int rule_left_out(void) {
    const char *text = getenv("CMB_MODEL_WITHOUT");
    atexit(tell_model);
    return text ? atoi(text) : 0;
  }
}

/* Do two messages name one work? */
#if KEYS == 0 && !defined(REDRIVE)
#define SAME_KEY(x, y) ((x) == (y))
#else
#define SAME_KEY(x, y) true
#endif
#if MESSAGES == 2
#define SHARED SAME_KEY(0, 1)
#else
#define SHARED false
#endif
/* Is the key of x its own message_id? */
#if KEYS == 2
#define KEY_IS_OWN(x) false
#elif KEYS == 1
#define KEY_IS_OWN(x) ((x) == 0)
#else
#define KEY_IS_OWN(x) true
#endif
#define OWN_KEY(x) ((KEY_IS_OWN(x) && !s_other[x]) || !KEPT(R2_28))

/* NOT_EXECUTED of a message speaks of it and of what its sender had sent before for the same work. */
inline claim() {
  g_claim[m] = 1 << m;
#if MESSAGES == 2 && !defined(REDRIVE)  /* a redrive is not sent by the message's sender */
  if :: s_sent[1 - m] && SAME_KEY(m, 1 - m) -> SET(g_claim[m], 1 << (1 - m)) :: else fi;
#endif
  CHECK(not_executed_is_never_wrong, (g_claim[m] & g_ran) == 0)
}

/* The work of message x was started by its own copy, or x came to work that had started. */
inline work_runs(x) {
  SET(g_ran, 1 << (x));
  CHECK(not_executed_is_never_wrong, (g_claim[0] & g_ran) == 0);
#if MESSAGES == 2
  CHECK(not_executed_is_never_wrong, (g_claim[1] & g_ran) == 0);
#endif
  g_starts[x]++;
  CHECK(one_start_while_the_record_lives, g_starts[x] <= 1);
#ifdef REDRIVE
  CHECK(one_start_while_the_record_lives, g_starts[0] + g_starts[1] <= 1 || t_of[0] == t_of[1]);
#endif
}

#define S_OPEN(x) (s_st[x] >= S_SEND_PENDING && s_st[x] <= S_EXECUTING)
#define S_ENDED(x) (s_st[x] >= S_COMPLETED_SUCCESS)

/* After every row of the sender. */
inline sender_is_sound() {
  CHECK(every_message_ends, !S_OPEN(m) || (s_ttl[m] && s_timer[m] != NO_TIMER));
  CHECK(no_timer_after_the_end, S_OPEN(m) || (!s_ttl[m] && s_timer[m] == NO_TIMER));
  CHECK(timer_of_its_state, s_st[m] != S_ROUTED || s_timer[m] == DELIVERY_ACK_TIMER);
  CHECK(timer_of_its_state, (s_st[m] != S_DELIVERED && s_st[m] != S_EXECUTING) || s_timer[m] == EXECUTION_TIMER);
  if
  :: o_st >= S_COMPLETED_SUCCESS && s_st[m] != o_st && s_st[m] != S_IDLE ->
     CHECK(one_reconciliation, !s_reconciled[m] && !s_late[m] &&
           (o_st == S_TIMEOUT_ABORT || o_st == S_COMPLETED_FAILURE && s_provisional[m]));
     s_reconciled[m] = 1
  :: else
  fi;
  CHECK(executed_stays_executed, o_cert != EXECUTED || s_cert[m] == EXECUTED || s_st[m] == S_IDLE);
  CHECK(no_silent_failure, s_alert[m] || s_cancelled[m] || !S_ENDED(m) || s_st[m] == S_COMPLETED_SUCCESS);
  CHECK(success_needs_a_start, s_st[m] != S_COMPLETED_SUCCESS || s_by_required[m] || (g_ran & (1 << m)));
  if :: s_cert[m] == NOT_EXECUTED && g_claim[m] == 0 -> claim() :: else fi
}

/* DURABLE router and target: whoever was told that the router has it finds somebody who has. */
inline somebody_has_it() {
#ifdef CUSTODY
  CHECK(always_a_custodian, !S_OPEN(m) || !g_custody[m] || t_of[m] != 0
        || r_st[m] == R_FORWARDING || r_st[m] == R_DEAD_LETTERED || r_st[m] == R_SETTLED
#if ROUTERS == 2
        || r_st[MESSAGES + m] == R_FORWARDING || r_st[MESSAGES + m] == R_DEAD_LETTERED
        || r_st[MESSAGES + m] == R_SETTLED
#endif
       )
#endif
  skip
}

inline router_is_sound() {
  CHECK(no_record_waits_for_a_frame_alone,
        r_st[RM] != R_FORWARDING || (r_phase[RM] && r_ttl[RM]));
  CHECK(no_forward_after_the_end, r_st[RM] == R_FORWARDING || r_st[RM] == R_DELIVERED ||
        (!r_redelivery[RM] && !r_phase[RM] && !r_ttl[RM]));
  CHECK(a_settled_record_has_its_end, r_st[RM] != R_SETTLED || r_end[RM] != 0);
  somebody_has_it()
}

inline target_is_sound() {
  CHECK(no_record_waits_for_a_frame_alone, t_st[w] != T_RECEIVED || t_ttl[w]);
  somebody_has_it()
}
