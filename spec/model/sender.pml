/* The sender: what the words of its table do, and which row a frame or timer takes. */
inline sender_to_routers(bits) {
  r = 0;
  do
  :: r < ROUTERS && r < s_att[m] -> SET(s2r[RMA(s_att[m])], bits); r++
  :: else -> break
  od;
  r = 0
}

#define BY_REQUIRED (s_by_required[m] && s_st[m] == S_COMPLETED_SUCCESS)
#define FAILS_LATE (BY_REQUIRED && !s_by_exec[m])
inline sender_effect_send_MESSAGE() {
  CHECK(nothing_is_sent_without_life, !s_due[m]);
#if ROUTERS == 2
  if :: s_att[m] > 0 -> r = ROUTER_OF(s_att[m]); SET(s2r[RMA(s_att[m])], TMO); r = 0 :: else fi;
#endif
  s_att[m]++;
  r = ROUTER_OF(s_att[m]); SET(s2r[RMA(s_att[m])], MSG); r = 0
}
inline sender_effect_send_TIMEOUT() { if :: s_att[m] > 0 -> sender_to_routers(TMO) :: else fi }
inline sender_effect_send_CANCEL() { if :: s_att[m] > 0 -> sender_to_routers(CAN) :: else fi; s_cancelled[m] = 1 }
inline sender_effect_arm_router_ack() { s_timer[m] = ROUTER_ACK_TIMER }
inline sender_effect_arm_delivery_ack() { s_timer[m] = DELIVERY_ACK_TIMER }
inline sender_effect_arm_execution() {
  s_timer[m] = EXECUTION_TIMER
#ifdef LIVE
  ; s_fresh = 1
#endif
}
inline sender_effect_arm_backoff() { s_timer[m] = BACKOFF }
inline sender_effect_arm_ttl() { s_ttl[m] = 1 }
inline sender_effect_disarm_phase() { s_timer[m] = NO_TIMER }
inline sender_effect_disarm_ttl() { s_ttl[m] = 0 }
inline sender_effect_raise_alert() { CHECK(one_alert, !s_alert[m] || BY_REQUIRED); s_alert[m] = 1 }
inline sender_effect_note_rejection() { SET(s_rejected[m], BIT(a)) }
inline sender_effect_attest_start() { if :: k & ATTESTS -> s_attested[m] = 1 :: else fi }
inline sender_effect_certainty_UNKNOWN() { s_cert[m] = (s_attested[m] -> EXECUTED : UNKNOWN) }
inline sender_effect_certainty_EXECUTED() { s_cert[m] = EXECUTED }
inline sender_effect_certainty_NOT_EXECUTED() {
  s_cert[m] = (s_attested[m] || s_cert[m] == EXECUTED -> EXECUTED : (OWN_KEY(m) -> NOT_EXECUTED : UNKNOWN))
}
#define PROVES_NOTHING_RAN ((k & (CXL_OLD | REJ_OLD | RETRY_OLD)) || \
  (!KEPT(R2_8) && (k & (REJ_NEW | RETRY_NEW))) || (!KEPT(R2_17) && (k & CXL_NEW)))
inline sender_effect_certainty_by_ACK() {
  s_cert[m] = ((k & ATTESTS) || s_attested[m] || s_cert[m] == EXECUTED -> EXECUTED :
               (PROVES_NOTHING_RAN && OWN_KEY(m) -> NOT_EXECUTED : UNKNOWN))
}
inline sender_effect_raise_certainty() {
  if :: (k & ATTESTS) -> s_cert[m] = EXECUTED :: else fi
}

inline forget_sender() {
  s_st[m] = S_IDLE; s_att[m] = 0; s_timer[m] = NO_TIMER; s_ttl[m] = 0; s_rejected[m] = 0; s_attested[m] = 0;
  s_late[m] = 0; s_cancelled[m] = 0; s_other[m] = 0; s_cert[m] = 0; s_alert[m] = 0; s_by_exec[m] = 0;
  s_by_required[m] = 0; s_provisional[m] = 0; s_reconciled[m] = 0; s_due[m] = 0
}

#define S_STEP(row) o_st = s_st[m]; o_cert = s_cert[m]; row; sender_is_sound()

inline sender_sends() {
  s_sent[m] = 1;
#if KEYS == 1
  if :: m == 1 && s_st[0] != S_IDLE -> s_other[0] = 1 :: else fi
#endif
}

#define WAITS (s_timer[m] == BACKOFF)
#define BUDGET_LEFT (!WAITS && s_att[m] < ATTEMPTS_OF(m))
#define STALE (a != s_att[m] && KEPT(R2_5))
#define EVERY_REJECTED ((s_rejected[m] | BIT(a)) == UP_TO(s_att[m]) || !KEPT(R2_1))

#define AFTER_WINDOW ((s_late[m] || !KEPT(R2_19)) && s_st[m] == S_TIMEOUT_ABORT)
#define PROVISIONAL (s_provisional[m] && s_st[m] == S_COMPLETED_FAILURE && KEPT(PROVISIONAL_FAILURE))

/* Which row a ROUTER_ACK/REJECTED takes. */
inline sender_rejected() {
  if :: !KEPT(R2_3) && s_st[m] == S_ROUTED && a == s_att[m] -> s_st[m] = S_SEND_PENDING :: else fi;
  if
  :: STALE -> row_sender_bad_news__stale()
  :: !STALE && k == RREJ_RETRY && WAITS -> row_sender_ROUTER_ACK_REJECTED__retryable_retry_waits()
  :: !STALE && k == RREJ_RETRY && BUDGET_LEFT -> row_sender_ROUTER_ACK_REJECTED__retryable_budget_left()
  :: else ->
     if
     :: EVERY_REJECTED -> row_sender_ROUTER_ACK_REJECTED__final_every_attempt_rejected()
     :: else -> row_sender_ROUTER_ACK_REJECTED__final_some_attempt_not_rejected()
     fi
  fi;
  CHECK(a_refusal_ends_nothing_that_is_routed, o_st != S_ROUTED || !S_ENDED(m))
}
inline sender_undelivered() {
  if
  :: k == DCAN && s_st[m] >= S_COMPLETED_SUCCESS && s_cancelled[m] && a == s_att[m] ->
     row_sender_DELIVERY_ACK_FAILURE_CANCELLED__answers_a_CANCEL_never_forwarded()
  :: STALE && !(k == DCAN && s_cancelled[m] && a == s_att[m]) -> row_sender_bad_news__stale()
  :: else ->
     if
     :: FAILS_LATE -> row_sender_DELIVERY_ACK_FAILURE__completed_by_required_ack()
     :: !FAILS_LATE && k == DFAIL_RETRY && WAITS -> row_sender_DELIVERY_ACK_FAILURE__retryable_retry_waits()
     :: !FAILS_LATE && k == DFAIL_RETRY && BUDGET_LEFT -> row_sender_DELIVERY_ACK_FAILURE__retryable_budget_left()
     :: else -> row_sender_DELIVERY_ACK_FAILURE__final()
     fi
  fi
}
inline sender_timed_out() {
  if
  :: STALE -> row_sender_bad_news__stale()
  :: !STALE && FAILS_LATE -> row_sender_TIMEOUT__completed_by_required_ack()
  :: !STALE && !FAILS_LATE && WAITS -> row_sender_TIMEOUT__retry_waits()
  :: !STALE && !FAILS_LATE && BUDGET_LEFT -> row_sender_TIMEOUT__budget_left()
  :: else -> row_sender_TIMEOUT__budget_spent()
  fi
}
inline sender_on_router_ack() {
  if
  :: k == RACK && REQUIRED == 1 -> row_sender_ROUTER_ACK_SUCCESS__required_ack_met()
  :: k == RACK && REQUIRED > 1 -> row_sender_ROUTER_ACK_SUCCESS__required_ack_later()
  :: k == DACK && REQUIRED <= 2 -> row_sender_DELIVERY_ACK_SUCCESS__required_ack_met()
  :: k == DACK && REQUIRED > 2 -> row_sender_DELIVERY_ACK_SUCCESS__required_ack_later()
  :: k == RREJ || k == RREJ_RETRY -> sender_rejected()
  :: k == DFAIL || k == DFAIL_RETRY || k == DCAN -> sender_undelivered()
  :: k == RTMO -> sender_timed_out()
  fi;
  if :: s_st[m] == S_COMPLETED_SUCCESS && o_st < S_COMPLETED_SUCCESS -> s_by_required[m] = 1 :: else fi;
  if :: s_st[m] == S_COMPLETED_FAILURE && o_st < S_COMPLETED_SUCCESS -> s_provisional[m] = 1 :: else fi
}

/* ACKs of the target. */
inline sender_refused() {
  if
  :: (k & (RETRY_OLD | RETRY_NEW)) && STALE -> row_sender_bad_news__stale()
  :: (k & (RETRY_OLD | RETRY_NEW)) && !STALE && !S_ENDED(m) && WAITS ->
     row_sender_EXECUTION_ACK_REJECTED__retryable_retry_waits()
  :: (k & (RETRY_OLD | RETRY_NEW)) && !STALE && !S_ENDED(m) && BUDGET_LEFT ->
     row_sender_EXECUTION_ACK_REJECTED__retryable_budget_left()
  :: else ->
     if
     :: AFTER_WINDOW -> row_sender_EXECUTION_ACK_REJECTED__final_after_window()
     :: FAILS_LATE -> row_sender_EXECUTION_ACK_REJECTED__final_completed_by_required_ack()
     :: else -> row_sender_EXECUTION_ACK_REJECTED__final()
     fi
  fi
}
inline sender_on_target_ack() {
  CHECK(no_proof_is_disproved, s_cert[m] != NOT_EXECUTED || !(k & ATTESTS));
  if
  :: (k & (INP | HELD)) && REQUIRED == 3 -> row_sender_EXECUTION_ACK_IN_PROGRESS__required_ack_later()
  :: (k & (INP | HELD)) && REQUIRED < 3 -> row_sender_EXECUTION_ACK_IN_PROGRESS__required_ack_met()
  :: k == PRG && REQUIRED == 3 -> row_sender_PROGRESS_ACK__required_ack_later()
  :: k == PRG && REQUIRED < 3 -> row_sender_PROGRESS_ACK__required_ack_met()
  :: k == SUC && (AFTER_WINDOW || PROVISIONAL && s_late[m]) -> row_sender_EXECUTION_ACK_SUCCESS__after_window()
  :: k == SUC && PROVISIONAL && !s_late[m] -> row_sender_EXECUTION_ACK_SUCCESS__provisional_failure()
  :: k == SUC && BY_REQUIRED -> row_sender_EXECUTION_ACK_SUCCESS__completed_by_required_ack()
  :: k == SUC && !AFTER_WINDOW && !BY_REQUIRED && !PROVISIONAL -> row_sender_EXECUTION_ACK_SUCCESS()
  :: (k & REFUSAL) -> sender_refused()
  :: (k & (FAI | INTR | CXL_STARTED | CXL_OLD | CXL_NEW)) ->
     if
     :: AFTER_WINDOW -> row_sender_EXECUTION_ACK_FAILURE__after_window()
     :: FAILS_LATE -> row_sender_EXECUTION_ACK_FAILURE__completed_by_required_ack()
     :: !AFTER_WINDOW && !FAILS_LATE && !KEPT(R2_11) && a != s_att[m] -> row_sender_bad_news__stale()
     :: else -> row_sender_EXECUTION_ACK_FAILURE()
     fi
  fi;
  if
  :: s_st[m] == S_COMPLETED_SUCCESS && o_st < S_COMPLETED_SUCCESS && !(k & TERMINAL) -> s_by_required[m] = 1
  :: else
  fi;
  if
  :: (k & TERMINAL) && s_st[m] != S_IDLE ->
     /* Told in time, the end of the work is the end of the record, unless an earlier one was. */
     CHECK(no_end_is_swallowed, o_st >= S_COMPLETED_SUCCESS && (s_by_exec[m] || s_late[m] || s_by_required[m]) ||
           s_st[m] == (k == SUC -> S_COMPLETED_SUCCESS : S_COMPLETED_FAILURE));
     /* Two ends of one work contradict each other only if the target lost what it knew, or if another message of
        the work reopened it after a retryable refusal that was this one's end. */
     CHECK(no_success_against_a_failure,
           k != SUC || SHARED || !s_by_exec[m] || s_st[m] == S_COMPLETED_SUCCESS || g_lost_any || s_late[m])
  :: else
  fi;
  if :: (k & (TERMINAL | RETRY_OLD | RETRY_NEW)) && s_st[m] != o_st && S_ENDED(m) -> s_by_exec[m] = 1 :: else fi;
  if :: k == SUC && BY_REQUIRED -> s_by_exec[m] = 1 :: else fi;
  /* A failure that the target told ends the doubt. */
  if
  :: (k & (TERMINAL | RETRY_OLD | RETRY_NEW)) && k != SUC && PROVISIONAL && (a == s_att[m] || !(k & (RETRY_OLD | RETRY_NEW))) -> s_provisional[m] = 0; s_by_exec[m] = 1
  :: else
  fi
}
