#include "reference/shell/curve_guard.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <random>
#include <utility>

namespace cmb::reference {
namespace {

constexpr const char* kZapAddress = "inproc://zeromq.zap.01";
// Frames of a ZAP request with CURVE: version, request id, domain, address,
// identity, mechanism, client key.
constexpr std::size_t kZapFrames = 7;
constexpr std::size_t kKeyBytes = 32;
// The barrier is passed in microseconds; a context that is ending never
// answers.
constexpr int kBarrierMs = 1000;
// The same for whoever wants the count; the longest that a router's loop stands still for it.
constexpr int kCatchUpMs = 200;

// One property as ZMTP writes it: name with a length of 1 byte, value with one
// of 4.
std::string Property(const std::string& name, const std::string& value) {
  const std::uint32_t length = htonl(static_cast<std::uint32_t>(value.size()));
  std::string bytes(1, static_cast<char>(name.size()));
  bytes += name;
  bytes.append(reinterpret_cast<const char*>(&length), sizeof(length));
  return bytes + value;
}

std::string Z85(const zmq::message_t& key) {
  std::array<char, 41> text{};
  zmq_z85_encode(text.data(), key.data<std::uint8_t>(), key.size());
  return text.data();
}

// An address of this process alone that is no file: nothing is left of it where
// the process is killed, and the system lets no other connect. (The name is for
// people; the number, since the same process id may stand in another container.)
void BindToThisProcess(zmq::socket_t& socket) {
  const pid_t self = getpid();
  if (zmq_setsockopt(socket.handle(), ZMQ_IPC_FILTER_PID, &self, sizeof(self)) != 0) {
    throw zmq::error_t();
  }
  std::random_device device;
  socket.bind(fmt::format("ipc://@cmb.curve.{}.{:08x}{:08x}", self, device(), device()));
}

// All parts of the message that is there.
std::vector<zmq::message_t> Parts(zmq::socket_t& socket) {
  std::vector<zmq::message_t> parts;
  do {
    static_cast<void>(socket.recv(parts.emplace_back(), zmq::recv_flags::dontwait));
  } while (parts.back().more());
  return parts;
}

}  // namespace

CurveGuard::CurveGuard(zmq::context_t& context, AllowList allowed,
                       const std::vector<std::string>& monitors)
    : allowed_(std::move(allowed)),
      zap_(context, ZMQ_REP),
      barrier_in_(context, ZMQ_PAIR),
      barrier_out_(context, ZMQ_PAIR) {
  zap_.set(zmq::sockopt::linger, 0);
  zap_.bind(kZapAddress);
  barrier_out_.set(zmq::sockopt::linger, 0);
  barrier_out_.set(zmq::sockopt::rcvtimeo, kBarrierMs);
  BindToThisProcess(barrier_out_);
  barrier_in_.set(zmq::sockopt::linger, 0);
  barrier_in_.set(zmq::sockopt::sndtimeo, kBarrierMs);
  barrier_in_.connect(barrier_out_.get(zmq::sockopt::last_endpoint));
  for (const auto& address : monitors) {
    monitors_.emplace_back(context, ZMQ_PAIR).connect(address);
  }
  thread_ = std::thread([this] { Run(); });
}

CurveGuard::~CurveGuard() {
  stopped_ = true;
  wake_.Ring();
  thread_.join();
}

void CurveGuard::Run() {
  std::vector<zmq::pollitem_t> items{{nullptr, wake_.fd(), ZMQ_POLLIN, 0},
                                     {zap_.handle(), 0, ZMQ_POLLIN, 0}};
  for (auto& monitor : monitors_) {
    items.push_back({monitor.handle(), 0, ZMQ_POLLIN, 0});
  }
  while (!stopped_ && Turn(items)) {
  }
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  caught_up_.notify_all();
}

// Nothing may leave the thread. What fails is one answer, whose client comes again.
bool CurveGuard::Turn(std::vector<zmq::pollitem_t>& items) {
  try {
    if (zmq_poll(items.data(), static_cast<int>(items.size()), -1) < 0) {
      throw zmq::error_t();
    }
    if (items[0].revents != 0) {
      wake_.Clear();
      CatchUp();
    }
    if (items[1].revents != 0) {
      AnswerZap();
    }
    for (auto& monitor : monitors_) {
      CountRefusals(monitor);
    }
    return true;
  } catch (const zmq::error_t& error) {
    return error.num() != ETERM;  // The context ends.
  } catch (const std::exception&) {
    return true;
  }
}

// libzmq looks for the answer once before it reads the routing id that the
// client claims, and from then on when it comes. An answer that were there so
// early would have its Identity overwritten by the claim, so it must not be.
bool CurveGuard::PassIoThread() {
  try {
    return Pass(++passes_);
  } catch (const zmq::error_t& error) {
    if (error.num() == ETERM) {
      throw;
    }
    return false;  // Whoever waits for the answer gets one.
  }
}

bool CurveGuard::Pass(std::uint64_t mark) {
  static_cast<void>(barrier_in_.send(zmq::buffer(&mark, sizeof(mark)), zmq::send_flags::none));
  // An earlier pass that came too late may still be there.
  for (zmq::message_t passed; barrier_out_.recv(passed);) {
    if (passed.size() == sizeof(mark) && std::memcmp(passed.data(), &mark, sizeof(mark)) == 0) {
      return true;
    }
  }
  return false;
}

// CMB-SEC-013: Identity names the connection after its key, on whichever socket.
void CurveGuard::AnswerZap() {
  const auto request = Parts(zap_);
  std::string module;
  if (request.size() == kZapFrames && request[5].to_string_view() == "CURVE" &&
      request[2].to_string_view() == kCurveDomain && request[6].size() == kKeyBytes) {
    const auto owner = allowed_.find(Z85(request[6]));
    module = owner == allowed_.end() ? "" : owner->second;
  }
  const bool passed = PassIoThread();
  const bool is_allowed = passed && !module.empty();
  const std::string version = "1.0";
  const std::string id = request.size() > 1 ? request[1].to_string() : "";
  const std::array<std::string, 6> answer{version,
                                          id,
                                          is_allowed ? "200"
                                          : passed   ? "400"
                                                     : "300",
                                          is_allowed ? "" : "this key is not allowed",
                                          is_allowed ? module : "",
                                          is_allowed ? Property("Identity", module) : ""};
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const auto flags = i + 1 < answer.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
    static_cast<void>(zap_.send(zmq::buffer(answer[i]), flags | zmq::send_flags::dontwait));
  }
}

// The first two bytes name the event; what it says besides is for nobody.
void CurveGuard::CountRefusals(zmq::socket_t& monitor) {
  while ((monitor.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) {
    const auto parts = Parts(monitor);
    std::uint16_t event = 0;
    std::memcpy(&event, parts.front().data(), std::min(sizeof(event), parts.front().size()));
    ++((event & kRefusalEvents) != 0 ? refused_ : closed_);
  }
}

// libzmq's I/O thread tells the monitor before it closes the connection; of a
// client that left first it learns in the pass.
void CurveGuard::CatchUp() {
  std::unique_lock lock(mutex_);
  const std::uint64_t asked = asked_;
  lock.unlock();
  static_cast<void>(PassIoThread());
  for (auto& monitor : monitors_) {
    CountRefusals(monitor);
  }
  lock.lock();
  answered_ = asked;
  caught_up_.notify_all();
}

std::uint64_t CurveGuard::refused() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  wake_.Ring();
  // Whoever asks serves others: then it is what was counted.
  caught_up_.wait_for(lock, std::chrono::milliseconds(kCatchUpMs),
                      [&] { return answered_ >= mine || has_ended_; });
  return refused_;
}

}  // namespace cmb::reference
