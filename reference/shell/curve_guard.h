// Decides which connections a router with CURVE takes: the ZAP handler of its
// context, in a thread of its own, and the count of handshakes that failed.
//
// A key on the allow-list is taken under the module id that it is bound to,
// whatever routing id the connection claims (CMB-SEC-006, CMB-SEC-008); every
// other is refused. Made by ZmqTransport before it binds. Threads: the public
// functions from any; the destructor joins the guard's own thread. Spec: chapter
// "Authority and security", CURVE.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "reference/shell/curve.h"
#include "reference/shell/fd_signal.h"

namespace cmb::reference {

// The ZAP domain of the data sockets, and only of these.
inline constexpr const char* kCurveDomain = "cmb";

// Handshakes that fail. The last is the client's leave-taking: one without a key
// may see that it is not welcome before the router sees it.
inline constexpr int kRefusalEvents = ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                      ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                      ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;

class CurveGuard {
 public:
  // `monitors` are the addresses of monitors of kRefusalEvents, one a socket; what else they tell
  // is the end of a connection.
  // REQUIRES: the context has one I/O thread, and no other guard.
  CurveGuard(zmq::context_t& context, AllowList allowed, const std::vector<std::string>& monitors);
  ~CurveGuard();
  CurveGuard(const CurveGuard&) = delete;
  CurveGuard& operator=(const CurveGuard&) = delete;

  // Handshakes refused so far (CMB-SEC-009): whoever has seen that it is refused is
  // in it. Asks the guard's thread, and waits for it, though not for long.
  std::uint64_t refused();
  // What it knows already; waits for nobody.
  std::uint64_t refused_so_far() const { return refused_; }
  // Connections that ended, where the monitors tell of them.
  std::uint64_t closed() const { return closed_; }

 private:
  void Run();
  // False: there is nothing more to do.
  bool Turn(std::vector<zmq::pollitem_t>& items);
  void AnswerZap();
  void CountRefusals(zmq::socket_t& monitor);
  // Counts what the monitors know, and tells those who asked.
  void CatchUp();
  // Returns when the I/O thread has done what it did when this was called.
  // False: it did not come back in time.
  bool PassIoThread();
  bool Pass(std::uint64_t mark);

  AllowList allowed_;
  zmq::socket_t zap_;
  zmq::socket_t barrier_in_;
  zmq::socket_t barrier_out_;
  std::uint64_t passes_ = 0;
  std::vector<zmq::socket_t> monitors_;
  WakeUp wake_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::condition_variable caught_up_;
  // By the mutex: how often the count was asked for, and how many of these times
  // the monitors have been read since.
  std::uint64_t asked_ = 0;
  std::uint64_t answered_ = 0;
  bool has_ended_ = false;
  std::atomic<std::uint64_t> refused_ = 0;
  std::atomic<std::uint64_t> closed_ = 0;
  std::thread thread_;
};

}  // namespace cmb::reference
