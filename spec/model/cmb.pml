/* The model; README.md explains it. states.pml and rows.pml are made from the state tables. */
#include "states.pml"
#include "state.pml"
#include "checks.pml"
#include "sender.pml"
#include "router.pml"
#include "target.pml"
#include "rows.pml"

#define RESET m = 0; r = 0; a = 0; k = 0; w = 0
#if MESSAGES == 2
#define PICK_MESSAGE if :: m = 0 :: m = 1 fi
#else
#define PICK_MESSAGE m = 0
#endif
#if ROUTERS == 2
#define PICK_ROUTER if :: r = 0 :: r = 1 fi
#else
#define PICK_ROUTER r = 0
#endif
#if ATTEMPTS == 1
#define PICK_ATTEMPT a = 1
#elif ATTEMPTS == 2
#define PICK_ATTEMPT if :: a = 1 :: a = 2 fi
#else
#define PICK_ATTEMPT if :: a = 1 :: a = 2 :: a = 3 fi
#endif
#ifdef REDRIVE
#define APPLICATION_MAY_SEND(x) ((x) == 0)
#else
#define APPLICATION_MAY_SEND(x) (KEYS != 1 || (x) == 0 || s_sent[0])
#endif

/* The sender's application and timers, each a free choice. */
inline the_application() {
  if
  :: !s_sent[m] && APPLICATION_MAY_SEND(m) -> atomic { sender_sends(); S_STEP(row_sender_SEND()) }
#ifdef LIFE_ENDS
  :: !s_sent[m] && APPLICATION_MAY_SEND(m) -> atomic { sender_sends(); S_STEP(row_sender_SEND__ttl_0()) }
#endif
#ifdef CIRCUIT
  :: !s_sent[m] && APPLICATION_MAY_SEND(m) -> atomic { sender_sends(); S_STEP(row_sender_SEND__circuit_open()) }
#endif
#ifdef CANCELS
  :: S_OPEN(m) -> atomic { S_STEP(row_sender_CANCEL_by_the_application()) }
#endif
#ifdef LATE_CANCELS
  :: s_st[m] == S_TIMEOUT_ABORT && !s_cancelled[m] -> atomic { S_STEP(row_sender_CANCEL_by_the_application()) }
#endif
  :: else
  fi
}
#ifdef DUE
#define MAY_FIRE (!s_due[m] || !KEPT(R2_27))
#else
#define MAY_FIRE (!s_fresh)
#endif
inline the_timers_of_the_sender() {
  if
  :: s_timer[m] != NO_TIMER && s_timer[m] != BACKOFF && s_att[m] < ATTEMPTS_OF(m) && MAY_FIRE ->
     atomic { s_timer[m] = NO_TIMER; S_STEP(row_sender_phase_timer__budget_left()) }
  :: s_timer[m] != NO_TIMER && s_timer[m] != BACKOFF && s_att[m] == ATTEMPTS_OF(m) && MAY_FIRE ->
     atomic { s_timer[m] = NO_TIMER; S_STEP(row_sender_phase_timer__budget_spent()) }
  :: s_timer[m] == BACKOFF && MAY_FIRE -> atomic { s_timer[m] = NO_TIMER; S_STEP(row_sender_backoff_ends()) }
#ifdef LIVE
#elif defined(DUE)
  :: s_ttl[m] && !s_due[m] -> s_due[m] = 1
  :: s_ttl[m] && s_due[m] -> atomic { s_ttl[m] = 0; s_due[m] = 0; S_STEP(row_sender_TTL_ends()) }
#else
  :: s_ttl[m] -> atomic { s_ttl[m] = 0; S_STEP(row_sender_TTL_ends()) }
#endif
#ifdef WINDOW
  :: (s_st[m] == S_TIMEOUT_ABORT || PROVISIONAL) && !s_late[m] -> s_late[m] = 1
#endif
#ifdef EXPIRE
  :: S_ENDED(m) && g_over[m] -> atomic { o_st = S_IDLE; row_sender_record_expires() }
#endif
#if CRASH_S == 1
  :: crashes_s == 0 && s_st[m] != S_IDLE -> atomic { crashes_s = 1; S_STEP(row_sender_restart__DURABLE()) }
#elif CRASH_S == 2
  :: crashes_s == 0 && s_st[m] != S_IDLE ->
     atomic { crashes_s = 1; row_sender_restart__not_DURABLE();
#if MESSAGES == 2
       m = 1 - m; if :: s_st[m] != S_IDLE -> row_sender_restart__not_DURABLE() :: else fi
#endif
     }
#endif
  :: else
  fi
}
inline an_ack_comes_to_the_sender() {
  if
  :: r2s[RMA(a)] & RACK -> k = RACK
  :: r2s[RMA(a)] & RREJ -> k = RREJ
  :: r2s[RMA(a)] & RREJ_RETRY -> k = RREJ_RETRY
  :: r2s[RMA(a)] & DACK -> k = DACK
  :: r2s[RMA(a)] & DCAN -> k = DCAN
  :: r2s[RMA(a)] & RTMO -> k = RTMO
#ifdef GATEWAY
  :: a <= s_att[m] -> k = DFAIL
  :: a <= s_att[m] -> k = DFAIL_RETRY
#endif
  :: else
  fi;
  if :: k != 0 -> atomic { S_STEP(sender_on_router_ack()) } :: else fi
}
inline an_ack_of_the_target_comes_to_the_sender() {
  if
  :: r2s_t[RMA(a)] & INP -> k = INP
  :: r2s_t[RMA(a)] & HELD -> k = HELD
  :: r2s_t[RMA(a)] & PRG -> k = PRG
  :: r2s_t[RMA(a)] & SUC -> k = SUC
  :: r2s_t[RMA(a)] & FAI -> k = FAI
  :: r2s_t[RMA(a)] & INTR -> k = INTR
  :: r2s_t[RMA(a)] & CXL_STARTED -> k = CXL_STARTED
  :: r2s_t[RMA(a)] & CXL_OLD -> k = CXL_OLD
  :: r2s_t[RMA(a)] & CXL_NEW -> k = CXL_NEW
  :: r2s_t[RMA(a)] & REJ_OLD -> k = REJ_OLD
  :: r2s_t[RMA(a)] & REJ_NEW -> k = REJ_NEW
  :: r2s_t[RMA(a)] & RETRY_OLD -> k = RETRY_OLD
  :: r2s_t[RMA(a)] & RETRY_NEW -> k = RETRY_NEW
  :: else
  fi;
  if :: k != 0 -> atomic { S_STEP(sender_on_target_ack()) } :: else fi
}

/* A router. What a process took comes no more once it has ended: its connections end with it. */
#if CRASH_R == 2
#define TAKEN SET(s2r[RMA(a)], GONE_WITH_IT)
#else
#define TAKEN skip
#endif
inline what_it_took_is_gone() {
  a = 1;
  do
  :: a <= ATTEMPTS ->
     if
     :: (s2r[RMA(a)] & GONE_WITH_IT) && KEPT(PREMISE_CONNECTION) -> s2r[RMA(a)] = s2r[RMA(a)] & ~(MSG | GONE_WITH_IT)
     :: else
     fi;
     a++
  :: else -> break
  od
}
inline a_message_comes_to_a_router() {
  if
  :: s2r[RMA(a)] & MSG ->
     atomic { router_without_mark(); TAKEN; k = 0 };
     if
     :: atomic { R_STEP(router_takes()) }
#ifdef REJECTS
     :: r_st[RM] == R_NONE || r_st[RM] == R_REJECTED || !KEPT(R2_2) ->
        if :: k = RREJ :: k = RREJ_RETRY fi;
        atomic { R_STEP(router_refuses()) }
#endif
     fi
  :: s2r[RMA(a)] & CAN -> k = BY_CANCEL; atomic { R_STEP(router_on_stop()) }
  :: s2r[RMA(a)] & TMO -> k = BY_TIMEOUT; atomic { R_STEP(router_on_stop()) }
#ifdef NO_ROOM
  :: (s2r[RMA(a)] & MSG) && r_st[RM] == R_NONE && r_mark[RM] == 0 ->
     atomic { R_STEP(row_router_MESSAGE__new_not_acceptable_no_room()) }
  :: (s2r[RMA(a)] & CAN) && r_st[RM] == R_NONE && r_mark[RM] == 0 ->
     k = BY_CANCEL; atomic { R_STEP(row_router_CANCEL__no_room()) }
  :: (s2r[RMA(a)] & TMO) && r_st[RM] == R_NONE && r_mark[RM] == 0 ->
     k = BY_TIMEOUT; atomic { R_STEP(row_router_TIMEOUT__no_room()) }
#endif
  :: else
  fi
}
inline an_ack_comes_to_a_router() {
  if
  :: t2r[RMA(a)] & RCPT -> k = RCPT
  :: t2r[RMA(a)] & RCPT_FULL -> k = RCPT_FULL
  :: t2r[RMA(a)] & INP -> k = INP
  :: t2r[RMA(a)] & HELD -> k = HELD
  :: t2r[RMA(a)] & PRG -> k = PRG
  :: t2r[RMA(a)] & SUC -> k = SUC
  :: t2r[RMA(a)] & FAI -> k = FAI
  :: t2r[RMA(a)] & INTR -> k = INTR
  :: t2r[RMA(a)] & CXL_STARTED -> k = CXL_STARTED
  :: t2r[RMA(a)] & CXL_OLD -> k = CXL_OLD
  :: t2r[RMA(a)] & CXL_NEW -> k = CXL_NEW
  :: t2r[RMA(a)] & REJ_OLD -> k = REJ_OLD
  :: t2r[RMA(a)] & REJ_NEW -> k = REJ_NEW
  :: t2r[RMA(a)] & RETRY_OLD -> k = RETRY_OLD
  :: t2r[RMA(a)] & RETRY_NEW -> k = RETRY_NEW
  :: else
  fi;
  if :: k != 0 -> atomic { R_STEP(router_on_target_ack()) } :: else fi
}
inline the_timers_of_a_router() {
  if
  :: r_redelivery[RM] -> atomic { r_redelivery[RM] = 0; a = r_cur[RM]; R_STEP(row_router_redelivery_timer()) }
#ifdef MAX_DELIVERIES
  :: r_redelivery[RM] ->
     k = LAST_FORWARD; atomic { r_redelivery[RM] = 0; a = r_cur[RM]; R_STEP(row_router_redelivery_timer()) }
#endif
  :: r_phase[RM] -> atomic { r_phase[RM] = 0; a = r_cur[RM]; R_STEP(row_router_delivery_phase_ends()) }
  :: r_ttl[RM] -> atomic { r_ttl[RM] = 0; a = r_cur[RM]; R_STEP(row_router_TTL_ends()) }
#if CRASH_R == 1
  :: crashes_r == 0 && r_st[RM] != R_NONE -> atomic { crashes_r = 1; R_STEP(row_router_restart__DURABLE()) }
#elif CRASH_R == 2
  :: crashes_r == 0 && (r_st[RM] != R_NONE || r_mark[RM] > 0) ->
     atomic {
       crashes_r = 1; m = 0;
       do
       :: m < MESSAGES && r_st[RM] == R_NONE -> what_it_took_is_gone(); forget_router(); m++
       :: m < MESSAGES && r_st[RM] != R_NONE -> what_it_took_is_gone(); row_router_restart__not_DURABLE(); m++
       :: else -> break
       od
     }
#endif
#ifdef EXPIRE
  :: g_over[m] && r_st[RM] != R_NONE && r_st[RM] != R_FORWARDING && !r_letter[RM] ->
     atomic { row_router_record_expires() }
  /* A mark, and a record in REJECTED, lives 2 MAX_LATENCY: what it closes is under way no more. */
  :: (r_st[RM] == R_REJECTED || r_st[RM] == R_NONE && r_mark[RM] > 0) ->
     atomic {
       a = 1;
       do
       :: a <= r_mark[RM] -> s2r[RMA(a)] = s2r[RMA(a)] & ~MSG; a++
       :: else -> break
       od;
       forget_router()
     }
#endif
#ifdef REDRIVE
  :: m == 0 && r_st[RM] == R_DEAD_LETTERED && r_letter[RM] && (!g_key_over || !KEPT(REDRIVE_WITHIN_THE_KEY_WINDOW)) ->
     atomic {
       R_STEP(row_router_REDRIVE());
       m = 1; s_sent[1] = 1; r_cur[RM] = 1;
       R_STEP(row_router_redriven())
     }
#endif
  :: else
  fi
}

/* The target. */
inline a_message_comes_to_the_target() {
  if
  :: r2t[RMA(a)] & MSG ->
     if
     :: k = 0
#ifdef LIFE_ENDS
     :: k = 1
#endif
#ifdef FULL
     :: t_of[m] == 0 -> k = 2
#endif
     fi;
     atomic { T_STEP(target_on_message()) }
  :: r2t[RMA(a)] & CAN ->
#ifdef BASIC_TARGET
     atomic { w = m; if :: t_of[m] > 0 -> w = t_of[m] - 1 :: else fi; T_STEP(row_target_CANCEL__BASIC()) }
#else
     if
     :: k = 0
#ifdef FULL
     :: t_of[m] == 0 -> k = 2
#endif
     fi;
     atomic { T_STEP(target_on_cancel()) }
#endif
  :: else
  fi
}
#define EXPIRED ((g_over[w] ALL_OVER && KEY_OVER) || !KEPT(R2_7))
#if MESSAGES == 2
#define ALL_OVER && (t_of[1 - w] != w + 1 || g_over[1 - w])
#else
#define ALL_OVER
#endif
#ifdef REDRIVE
#define KEY_OVER g_key_over
#else
#define KEY_OVER true
#endif
inline the_handler() {
  w = m;
  if
  :: t_st[w] == T_RECEIVED -> atomic { T_STEP(row_target_handler_starts()) }
#if defined(PROGRESS) || defined(ANNOUNCES)
  :: t_st[w] == T_RECEIVED -> atomic { T_STEP(row_target_handler_starts__announced()) }
#endif
#ifdef PROGRESS
  :: t_st[w] == T_RECEIVED -> atomic { T_STEP(row_target_handler_holds()) }
  :: t_st[w] == T_EXECUTING -> atomic { T_STEP(row_target_handler_progresses()) }
#endif
#ifdef TARGET_REFUSES
  :: t_st[w] == T_RECEIVED -> atomic { t_final[w] = 1; k = REJ_OLD; T_STEP(row_target_handler_refuses()) }
  :: t_st[w] == T_RECEIVED -> atomic { t_retryable[w] = 1; k = RETRY_OLD; T_STEP(row_target_handler_refuses()) }
#endif
  :: t_st[w] == T_EXECUTING -> atomic { T_STEP(row_target_handler_succeeds()) }
#ifndef NO_FAILURE
  :: t_st[w] == T_EXECUTING -> atomic { k = FAI; T_STEP(row_target_handler_fails()) }
#endif
  :: t_st[w] == T_EXECUTING && t_asked[w] -> atomic { T_STEP(row_target_handler_stops()) }
  :: t_ttl[w] && KEPT(R2_26) -> atomic { t_ttl[w] = 0; k = REJ_OLD; T_STEP(row_target_TTL_ends()) }
#ifdef EXPIRE
  :: t_end[w] != 0 && !t_tomb[w] && EXPIRED -> atomic { row_target_record_expires() }
#endif
#if defined(CANCELS) && defined(EXPIRE)
  /* 2 MAX_LATENCY after the CANCEL what the router had forwarded before is under way no more. */
  :: t_tomb[w] -> atomic { nothing_is_under_way_to_the_target(); row_target_record_expires() }
#endif
  :: t_tomb[w] && !KEPT(R2_16) -> atomic { t_tomb[w] = 0; t_of[m] = 0; t_st[w] = T_NONE; t_end[w] = 0 }
  :: else
  fi
}
inline nothing_is_under_way_to_the_target() {
  r = 0;
  do
  :: r < ROUTERS ->
     a = 1;
     do
     :: a <= ATTEMPTS -> r2t[RMA(a)] = r2t[RMA(a)] & ~MSG; a++
     :: else -> break
     od;
     r++
  :: else -> break
  od
}
inline nothing_is_under_way_to_a_router() {
  r = 0;
  do
  :: r < ROUTERS ->
     a = 1;
     do
     :: a <= ATTEMPTS -> s2r[RMA(a)] = s2r[RMA(a)] & ~MSG; a++
     :: else -> break
     od;
     r++
  :: else -> break
  od
}
inline a_crash_of_the_target() {
#if CRASH_T == 1
  if
  :: crashes_t == 0 ->
     crashes_t = 1;
     atomic {
       do
       :: w < MESSAGES && t_st[w] == T_NONE -> w++
       :: w < MESSAGES && t_st[w] == T_RECEIVED && !KEPT(RECORD_BEFORE_RECEIPT) -> forget_target(); w++
       :: w < MESSAGES && t_st[w] == T_EXECUTING && !KEPT(R2_23) -> t_st[w] = T_RECEIVED; t_ttl[w] = 1; w++
       :: w < MESSAGES && t_st[w] != T_NONE && !(t_st[w] == T_EXECUTING && !KEPT(R2_23)) &&
          !(t_st[w] == T_RECEIVED && !KEPT(RECORD_BEFORE_RECEIPT)) ->
          k = INTR; T_STEP(row_target_restart__DURABLE()); w++
       :: else -> break
       od;
       somebody_has_it()
     }
#ifdef PROGRESS
  :: crashes_t == 0 && t_st[0] == T_EXECUTING ->
     crashes_t = 1; atomic { T_STEP(row_target_restart__DURABLE_resumable()) }
#endif
  :: else
  fi
#elif CRASH_T == 2
  if
  :: crashes_t == 0 ->
     crashes_t = 1;
     atomic {
       do
       :: w < MESSAGES ->
          if :: t_st[w] != T_NONE -> row_target_restart__not_DURABLE() :: else fi;
          if :: s_sent[w] -> g_lost[w] = 1 :: else fi;
          if :: KEPT(R2_24) -> g_starts[w] = 0 :: else fi;
          g_target_stopped[w] = 0;
          m = w;
          if :: KEPT(PREMISE_CONNECTION) -> nothing_is_under_way_to_the_target() :: else fi;
          w++
       :: else -> break
       od;
       g_lost_any = 1
     }
  :: else
  fi
#endif
}

#if ROUTERS == 2
#define ROUTER_TTL (r_ttl[m] || r_ttl[MESSAGES + m])
#else
#define ROUTER_TTL r_ttl[m]
#endif

/* Time: the life of a message and 2 MAX_LATENCY are over, then no copy of it is under way. */
inline time_passes() {
#ifdef EXPIRE
  if
  :: s_sent[m] && !g_over[m] && !s_ttl[m] && !ROUTER_TTL && !(t_of[m] > 0 && t_ttl[t_of[m] - 1] && KEPT(R2_26)) ->
     atomic {
       g_over[m] = 1;
       nothing_is_under_way_to_the_target();
       if :: KEPT(R2_25) -> nothing_is_under_way_to_a_router() :: else fi
     }
#ifdef REDRIVE
  :: g_over[0] && !g_key_over && !r_phase[1] ->
     atomic { g_key_over = 1; m = 1; nothing_is_under_way_to_the_target() }
#endif
  :: else
  fi
#endif
}
#ifdef FORGE
inline somebody_forges() {
  if
  :: r_st[RM] == R_NONE -> k = SUC; atomic { if :: !forged[m] -> forged[m] = 1 :: else fi }
  :: r_st[RM] != R_NONE -> atomic { R_STEP(row_router_any_ACK__unauthorised()) }
  :: forged[m] && KEPT(R2_22) -> atomic { S_STEP(row_sender_any_ACK__unauthorised()) }
  :: forged[m] && !KEPT(R2_22) -> k = SUC; atomic { S_STEP(sender_on_target_ack()) }
  fi
}
#endif

#ifdef LIVE
/* The life of a message is a timer of its own here, which fires at some time unless it is disarmed. */
active proctype Life() {
  byte m, r, a, w;
  short k;
  do
  :: atomic { s_ttl[0] && (KEPT(LIFE_IS_NOT_PROLONGED) || !s_fresh) -> s_ttl[0] = 0; S_STEP(row_sender_TTL_ends()) }
  od
}
ltl every_message_ends_at_last { [] (s_st[0] == S_SEND_PENDING -> <> (s_st[0] >= S_COMPLETED_SUCCESS)) }
#endif

active proctype World() {
  byte m, r, a, w;
  short k;
  c_code { now.without = rule_left_out(); };
  do
  :: atomic { PICK_MESSAGE; the_application(); RESET }
  :: atomic { PICK_MESSAGE; the_timers_of_the_sender(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; PICK_ATTEMPT; an_ack_comes_to_the_sender(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; PICK_ATTEMPT; an_ack_of_the_target_comes_to_the_sender(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; PICK_ATTEMPT; a_message_comes_to_a_router(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; PICK_ATTEMPT; an_ack_comes_to_a_router(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; the_timers_of_a_router(); RESET }
  :: atomic { PICK_MESSAGE; PICK_ROUTER; PICK_ATTEMPT; a_message_comes_to_the_target(); RESET }
  :: atomic { PICK_MESSAGE; the_handler(); RESET }
#if CRASH_T > 0
  :: atomic { a_crash_of_the_target(); RESET }
#endif
#ifdef EXPIRE
  :: atomic { PICK_MESSAGE; time_passes(); RESET }
#endif
#ifdef FORGE
  :: atomic { PICK_MESSAGE; PICK_ROUTER; somebody_forges(); RESET }
#endif
#ifdef LIVE
  :: atomic { s_fresh -> s_fresh = 0 }
#endif
  od
}
