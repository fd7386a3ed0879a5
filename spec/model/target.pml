/* The target: what the words of its table do, and which row a frame or timer takes. `w` is the record at hand. */
inline target_says(x, at, bits, ways) {
  if
  :: (ways) & 1 -> SET(t2r[(x) * ATTEMPTS + (at) - 1], bits)
  :: else
  fi;
#if ROUTERS == 2
  if
  :: (ways) & 2 -> SET(t2r[(MESSAGES + (x)) * ATTEMPTS + (at) - 1], bits)
  :: else
  fi
#endif
}
#define ATTACHED(x) (t_of[x] == w + 1)
/* An end is recorded as `_OLD`; to a message whose first send the memory does not cover it is `_NEW`. */
#define AS_TOLD(x, bits) (((bits) & (CXL_OLD | REJ_OLD | RETRY_OLD)) && !(t_covers[w] & (1 << (x))) -> 2 * (bits) : (bits))
/* To every attached message, each with the highest attempt that it was received with, by every way. */
inline target_tells(bits) {
  if :: ATTACHED(0) && t_att[0] > 0 -> target_says(0, t_att[0], AS_TOLD(0, bits), t_way[0]) :: else fi;
#if MESSAGES == 2
  if :: ATTACHED(1) && t_att[1] > 0 -> target_says(1, t_att[1], AS_TOLD(1, bits), t_way[1]) :: else fi
#endif
}
#if CRASH_T == 2
/* A target without a store says no memory_ms in a refusal, nor anywhere where several routers reach it. */
#define NO_PROOF(kind) ((((kind) == REJ_OLD || (kind) == RETRY_OLD) && KEPT(R2_29)) || \
                        (ROUTERS == 2 && (kind) == CXL_OLD && KEPT(R2_30)))
#else
#define NO_PROOF(kind) false
#endif
inline target_ends(kind) {
  t_end[w] = kind; t_asked[w] = 0; t_now[w] = 0; t_held[w] = 0;
  t_covers[w] = (g_lost[0] || NO_PROOF(kind) -> 0 : 1);
#if MESSAGES == 2
  if :: !g_lost[1] && !NO_PROOF(kind) -> SET(t_covers[w], 2) :: else fi
#endif
}

#define MY_WAY (1 << r)
inline target_effect_send_RECEIPT_SUCCESS() { target_says(m, a, RCPT, MY_WAY) }
inline target_effect_send_RECEIPT_again() { target_tells(RCPT) }
inline target_effect_send_RECEIPT_REJECTED() { target_says(m, a, RCPT_FULL, MY_WAY) }
/* A message that comes to work that has started. */
inline target_brings(x) {
  if
  :: t_st[w] == T_EXECUTING || t_st[w] == T_SUCCEEDED || t_st[w] == T_FAILED || t_end[w] == CXL_STARTED -> work_runs(x)
  :: else
  fi
}
inline target_effect_attach() { t_of[m] = w + 1; target_brings(m) }
/* The record of the refusal, which `m` was attached to, goes, and its messages come to this one. */
inline target_effect_drop_refused() {
#if MESSAGES == 2
  w = 1 - w;
  t_st[w] = T_NONE; t_ttl[w] = 0; t_retryable[w] = 0; t_binds[w] = 0; t_end[w] = 0; t_covers[w] = 0; t_now[w] = 0;
  w = 1 - w;
  if :: t_of[0] == 2 - w -> t_of[0] = w + 1; target_brings(0) :: else fi;
  if :: t_of[1] == 2 - w -> t_of[1] = w + 1; target_brings(1) :: else fi
#endif
}
inline target_effect_raise_attempt() { if :: a > t_att[m] -> t_att[m] = a :: else fi }
inline target_effect_arm_ttl() { t_ttl[w] = 1 }
inline target_effect_extend_life() { t_ttl[w] = 1 }
inline target_effect_disarm_ttl() { t_ttl[w] = 0 }
inline target_effect_send_EXECUTION_ACK_SUCCESS() { target_ends(SUC); target_tells(SUC) }
inline target_effect_send_EXECUTION_ACK_FAILURE() { target_ends(k); target_tells(t_end[w]) }
inline target_effect_send_EXECUTION_ACK_REJECTED() { target_ends(k); target_tells(t_end[w]) }
inline target_effect_send_EXECUTION_ACK_FAILURE_CANCELLED() {
  if
  :: o_st == T_EXECUTING -> target_ends(CXL_STARTED)
  :: else -> target_ends(CXL_OLD)
  fi;
  target_tells(t_end[w])
}
inline target_effect_send_recorded_ACK() { target_says(m, a, AS_TOLD(m, t_end[w]), MY_WAY) }
inline target_effect_send_terminal_again() {
  if :: t_att[m] > 0 -> target_says(m, t_att[m], AS_TOLD(m, t_end[w]), t_way[m]) :: else fi
}
inline target_effect_send_unsent() { target_tells(t_end[w]) }
inline target_effect_send_current_ACK() { if :: t_now[w] -> target_says(m, a, t_now[w], MY_WAY) :: else fi }
inline target_effect_send_held_IN_PROGRESS() { t_now[w] = HELD; t_held[w] = 1; target_tells(HELD) }
inline target_effect_send_IN_PROGRESS() { t_now[w] = INP; target_tells(INP) }
inline target_effect_send_PROGRESS_ACK() { t_now[w] = PRG; target_tells(PRG) }
inline target_effect_ask_handler_to_stop() { t_asked[w] = 1 }
inline target_effect_drop_tombstone() { t_tomb[m] = 0; t_st[m] = T_NONE; t_end[m] = 0; t_binds[m] = 0 }
inline target_effect_start_handler() {
  CHECK(what_was_cancelled_first_is_not_started, !(ATTACHED(0) && g_target_stopped[0]));
#if MESSAGES == 2
  CHECK(what_was_cancelled_first_is_not_started, !(ATTACHED(1) && g_target_stopped[1]));
#endif
#ifdef EXPIRE
  CHECK(no_start_without_life, !g_over[w]);
#endif
#if MESSAGES == 2
  CHECK(one_start_of_a_key, !SAME_KEY(0, 1) || t_st[1 - w] == T_NONE || t_st[1 - w] == T_RECEIVED ||
        t_st[1 - w] == T_REJECTED || t_st[1 - w] == T_CANCELLED && t_end[1 - w] != CXL_STARTED);
#endif
  if :: ATTACHED(0) -> work_runs(0) :: else fi;
#if MESSAGES == 2
  if :: ATTACHED(1) -> work_runs(1) :: else fi
#endif
}

inline forget_target() {
  t_st[w] = T_NONE; t_ttl[w] = 0; t_asked[w] = 0; t_retryable[w] = 0; t_final[w] = 0; t_binds[w] = 0; t_tomb[w] = 0; t_held[w] = 0;
  t_end[w] = 0; t_covers[w] = 0; t_now[w] = 0;
  if :: ATTACHED(0) -> t_of[0] = 0; t_att[0] = 0; t_way[0] = 0; g_target_stopped[0] = 0 :: else fi;
#if MESSAGES == 2
  if :: ATTACHED(1) -> t_of[1] = 0; t_att[1] = 0; t_way[1] = 0; g_target_stopped[1] = 0 :: else fi
#endif
}

#define T_STEP(row) o_st = t_st[w]; row; target_binds(); target_is_sound()
/* Whether the key still names the record: not where the work never started and ended by its life, a CANCEL or a
   retryable refusal. */
inline target_binds() {
  t_binds[w] = (t_st[w] == T_NONE || t_tomb[w] -> 0 :
    (t_st[w] == T_RECEIVED || t_st[w] == T_EXECUTING || t_st[w] == T_SUCCEEDED || t_st[w] == T_FAILED ||
     t_end[w] == CXL_STARTED || t_final[w] || !KEPT(KEY_OF_WORK_THAT_NEVER_STARTED)))
}

#if MESSAGES == 2
#define KNOWN_WORK (SAME_KEY(0, 1) && t_binds[1 - m])
#define RECORD_OF(x) (t_of[x] > 0 -> t_of[x] - 1 : (t_binds[1 - (x)] && SAME_KEY(0, 1) -> 1 - (x) : (x)))
#else
#define KNOWN_WORK false
#define RECORD_OF(x) 0
#endif
#if MESSAGES == 2
#define REFUSED_ELSEWHERE (SAME_KEY(0, 1) && t_binds[1 - w] && KEPT(KEY_THAT_ANOTHER_BEARS))
#else
#define REFUSED_ELSEWHERE false
#endif
#define REOPENS (t_st[w] == T_REJECTED && t_retryable[w] && (a > t_att[m] || !KEPT(R2_9)))
inline target_on_message() {
  w = RECORD_OF(m);
  SET(t_way[m], MY_WAY);
  if
  :: t_of[m] > 0 && t_tomb[m] && KNOWN_WORK ->
     w = 1 - m; row_target_MESSAGE__attaches_tombstone()
  :: t_of[m] > 0 && t_tomb[m] && !KNOWN_WORK -> t_tomb[m] = 0; row_target_MESSAGE__tombstone()
#if MESSAGES == 2
  :: t_of[m] > 0 && !t_tomb[m] && REOPENS && REFUSED_ELSEWHERE -> w = 1 - w; row_target_MESSAGE__attaches_refused()
#endif
  :: t_of[m] > 0 && !t_tomb[m] && REOPENS && !REFUSED_ELSEWHERE && k == 0 -> t_retryable[w] = 0; t_end[w] = 0; row_target_MESSAGE__reopens()
  :: t_of[m] > 0 && !t_tomb[m] && REOPENS && !REFUSED_ELSEWHERE && k == 1 ->
     t_retryable[w] = 0; k = REJ_OLD; row_target_MESSAGE__reopens_ttl_0()
  :: t_of[m] > 0 && !t_tomb[m] && !REOPENS && (KEPT(R2_10) || t_st[w] > T_EXECUTING) -> row_target_MESSAGE__copy()
  :: t_of[m] > 0 && !t_tomb[m] && !REOPENS && !KEPT(R2_10) && t_st[w] <= T_EXECUTING ->
     target_says(m, a, REJ_OLD, MY_WAY)
  :: t_of[m] == 0 && KNOWN_WORK && k < 2 ->
     w = 1 - m;
     CHECK(no_key_is_poisoned, !(t_st[w] == T_CANCELLED && t_end[w] != CXL_STARTED) &&
           !(t_st[w] == T_REJECTED && !t_final[w]));
     row_target_MESSAGE__attaches()
  :: t_of[m] == 0 && !KNOWN_WORK && k == 0 -> row_target_MESSAGE__new_work()
  :: t_of[m] == 0 && !KNOWN_WORK && k == 1 -> k = REJ_OLD; row_target_MESSAGE__new_work_ttl_0()
  :: t_of[m] == 0 && k == 2 -> row_target_MESSAGE__table_full(); t_way[m] = 0
  fi
}
/* The CANCEL of a tombstone acts on the work that its message turned out to name. */
inline then_row_target_CANCEL() { target_on_cancel_of_work() }
inline target_on_cancel_of_work() {
  if
  :: t_st[w] == T_EXECUTING && t_asked[w] -> row_target_CANCEL__asked_before()
  :: t_st[w] == T_REJECTED && t_retryable[w] && KEPT(R2_18) -> row_target_CANCEL__refused_retryably(); t_retryable[w] = 0
  :: else -> row_target_CANCEL()
  fi
}
inline target_on_cancel() {
  w = m;
  if
  :: t_of[m] == 0 && k == 0 && KEPT(R2_15) ->
     row_target_CANCEL__room(); t_tomb[m] = 1; t_end[m] = CXL_OLD
  :: t_of[m] == 0 && k == 2 -> row_target_CANCEL__table_full()
  :: t_of[m] > 0 && t_tomb[m] -> row_target_CANCEL__tombstone()
  :: t_of[m] > 0 && !t_tomb[m] -> w = t_of[m] - 1; target_on_cancel_of_work()
  :: else
  fi;
  /* What had not started when the CANCEL was judged does not start, but where no tombstone found room. */
  if
  :: t_st[w] != T_EXECUTING && k != 2 && !(g_ran & (1 << m)) -> g_target_stopped[m] = 1
  :: else
  fi
}
