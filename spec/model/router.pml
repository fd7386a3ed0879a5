/* The routers: what the words of their table do, and which row a frame or timer takes. */
inline router_says(at, bits) { SET(r2s[RMA(at)], bits) }
inline router_effect_send_ROUTER_ACK_SUCCESS() { router_says(a, RACK); g_custody[m] = 1 }
inline router_effect_send_ROUTER_ACK_REJECTED() {
  router_says(a, k); SET(r_refused[RM], BIT(a));
  CHECK(a_refused_message_is_not_delivered, r_st[RM] == R_REJECTED)
}
inline router_effect_send_DELIVERY_ACK_SUCCESS() { router_says(a, DACK) }
inline router_effect_send_DELIVERY_ACK_FAILURE_CANCELLED() { router_says(a, DCAN) }
inline router_effect_send_TIMEOUT_ACK_TIMEOUT() { router_says(r_cur[RM], RTMO) }
inline router_effect_send_TIMEOUT_BUFFER_FULL() { router_says(a, RTMO) }
inline router_effect_send_TIMEOUT_TTL_EXPIRED() { router_says(r_cur[RM], RTMO) }
inline router_effect_send_stored_terminal() {
  if :: KEPT(R2_20) -> SET(r2s_t[RMA(r_end_att[RM])], r_end[RM]); told = 1 :: else fi
}
/* The ACK of the target, or a CANCEL. */
inline router_effect_pass_on() {
  if
  :: k == BY_CANCEL -> if :: KEPT(R2_13_PASS) -> SET(r2t[RMA(a)], CAN) :: else fi
  :: else -> SET(r2s_t[RMA(a)], k); told = 1
  fi
}
inline router_effect_forward() {
  CHECK(what_was_stopped_is_not_forwarded, r_cur[RM] > g_stopped[RM]);
  SET(r2t[RMA(r_cur[RM])], MSG)
}
inline router_effect_adopt_attempt() { r_cur[RM] = a }
inline router_effect_start_phase() { r_redelivery[RM] = 1; r_phase[RM] = 1 }
inline router_effect_count_anew() { r_phase[RM] = 1 }
inline router_effect_arm_redelivery() { r_redelivery[RM] = (k != LAST_FORWARD) }
inline router_effect_arm_ttl() { r_ttl[RM] = 1 }
inline router_effect_disarm() { r_redelivery[RM] = 0; r_phase[RM] = 0; r_ttl[RM] = 0 }
/* A rejection, a CANCEL and a TIMEOUT close up to their attempt, which is `a`, a dead letter up to the current one,
   which its timers put into `a`. */
inline router_effect_close_attempts() {
  if
  :: (k == RREJ || k == RREJ_RETRY) && !KEPT(R2_4)
  :: (k == BY_CANCEL || k == BY_TIMEOUT) && !KEPT(R2_12) && a > r_cur[RM]
  :: else -> if :: a > r_mark[RM] -> r_mark[RM] = a :: else fi
  fi
}
inline router_effect_store_terminal() { r_end[RM] = k; r_end_att[RM] = a }
inline router_effect_clear_dead_letter() { r_letter[RM] = 0 }

inline forget_router() {
  r_st[RM] = R_NONE; r_cur[RM] = 0; r_mark[RM] = 0; r_refused[RM] = 0; r_end[RM] = 0; r_end_att[RM] = 0;
  r_redelivery[RM] = 0; r_phase[RM] = 0; r_ttl[RM] = 0; r_letter[RM] = 0; g_stopped[RM] = 0
}

#define R_STEP(row) o_st = r_st[RM]; told = 0; row; router_letter(); router_is_sound()
inline router_letter() {
  if :: r_st[RM] == R_DEAD_LETTERED && o_st != R_DEAD_LETTERED -> r_letter[RM] = 1
     :: r_st[RM] != R_DEAD_LETTERED -> r_letter[RM] = 0
     :: else fi
}
#define R_HOLDS (r_st[RM] == R_FORWARDING || r_st[RM] == R_DELIVERED || r_st[RM] == R_SETTLED || \
                 r_st[RM] == R_DEAD_LETTERED)
#define CLOSED (a <= r_mark[RM])
#define LOOKED_UP (KEPT(R2_2) || r_st[RM] == R_NONE || r_st[RM] == R_REJECTED)
#define NEVER_FORWARDED (r_st[RM] == R_REJECTED && \
  ((r_refused[RM] & UP_TO(a)) == UP_TO(a) || !KEPT(R2_14)))
#define ALL_FORWARDS_MADE (r_st[RM] == R_FORWARDING && !r_redelivery[RM])
#define REFORWARDING (r_st[RM] == R_DELIVERED && r_phase[RM])

/* A copy that would be taken, where nothing has to be checked. */
inline router_takes() {
  k = 0;
  if
  :: CLOSED -> row_router_MESSAGE__closed()
  :: !CLOSED && r_st[RM] == R_NONE -> r_cur[RM] = a; row_router_MESSAGE__new_acceptable()
  :: !CLOSED && r_st[RM] != R_NONE && a > r_cur[RM] && ALL_FORWARDS_MADE ->
     row_router_MESSAGE__higher_all_forwards_made()
  :: !CLOSED && r_st[RM] != R_NONE && a > r_cur[RM] && !ALL_FORWARDS_MADE -> row_router_MESSAGE__higher_acceptable()
  :: else -> row_router_MESSAGE__not_higher()
  fi;
  CHECK(settled_work_is_answered_with_its_end, r_st[RM] != R_SETTLED || CLOSED || told)
}
/* A copy that is checked and refused. */
inline router_refuses() {
  if
  :: CLOSED -> row_router_MESSAGE__closed()
  :: !CLOSED && r_st[RM] == R_NONE -> r_cur[RM] = a; row_router_MESSAGE__new_not_acceptable()
  :: !CLOSED && r_st[RM] == R_REJECTED -> row_router_MESSAGE__higher_not_acceptable()
  :: else -> router_says(a, k)
  fi
}
/* Without its mark a refused attempt that comes again is new. */
inline router_without_mark() {
  if :: !KEPT(R2_4) && r_st[RM] == R_REJECTED && a <= r_cur[RM] -> forget_router() :: else fi
}
inline router_on_stop() {
  if :: a > g_stopped[RM] -> g_stopped[RM] = a :: else fi;
  if
  :: k == BY_CANCEL && NEVER_FORWARDED -> row_router_CANCEL__never_forwarded()
  :: k == BY_CANCEL && !NEVER_FORWARDED && !KEPT(R2_13_STOP) -> router_effect_pass_on()
  :: k == BY_CANCEL && !NEVER_FORWARDED && KEPT(R2_13_STOP) ->
     row_router_CANCEL();
     CHECK(a_cancel_is_passed_on, r2t[RMA(a)] & CAN)
  :: k == BY_TIMEOUT && a < r_cur[RM] -> row_router_TIMEOUT__older()
  :: k == BY_TIMEOUT && a >= r_cur[RM] -> row_router_TIMEOUT()
  fi
}
inline router_on_receipt() {
  if
  :: REFORWARDING && a >= r_cur[RM] -> row_router_RECEIPT_SUCCESS__re_forwarding_answered()
  :: REFORWARDING && a < r_cur[RM] -> row_router_RECEIPT_SUCCESS__re_forwarding_older()
  :: else -> row_router_RECEIPT_SUCCESS()
  fi
}
inline router_on_target_ack() {
  if
  :: k == RCPT -> router_on_receipt()
  :: k == RCPT_FULL && KEPT(R2_6) -> row_router_RECEIPT_REJECTED()
  :: k == RCPT_FULL && !KEPT(R2_6) -> router_on_receipt()
  :: (k & TERMINAL) && r_st[RM] == R_NONE && !KEPT(R2_21)
  :: (k & TERMINAL) && (r_st[RM] != R_NONE || KEPT(R2_21)) && REFORWARDING ->
     row_router_EXECUTION_ACK__terminal_re_forwarding()
  :: (k & TERMINAL) && (r_st[RM] != R_NONE || KEPT(R2_21)) && !REFORWARDING -> row_router_EXECUTION_ACK__terminal()
  :: else ->
     if
     :: REFORWARDING && a >= r_cur[RM] -> row_router_target_s_ACK__not_terminal_re_forwarding_answered()
     :: REFORWARDING && a < r_cur[RM] -> row_router_target_s_ACK__not_terminal_re_forwarding_older()
     :: else -> row_router_target_s_ACK__not_terminal()
     fi
  fi;
  CHECK(the_end_is_passed_on, !(k & TERMINAL) || told)
}
