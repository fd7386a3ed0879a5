// Who may watch the events of a router with CURVE (spec 12.2, 20.3): the socket
// of the events behind the guard that the data sockets have.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "reference/extras/events/pub_event_sink.h"
#include "reference/shell/curve_guard.h"

namespace cmb::reference {
namespace {

constexpr std::chrono::milliseconds kLookEvery{10};
constexpr int kLooks = 2000;
constexpr const char* kMonitor = "inproc://watcher.monitor";

// A watcher of all events in a context of its own.
class Watcher {
 public:
  Watcher(const std::string& address, const std::optional<CurveEndpoint>& keys) {
    if (keys) {
      socket_.set(zmq::sockopt::curve_serverkey, keys->router_public);
      socket_.set(zmq::sockopt::curve_publickey, keys->own.public_key);
      socket_.set(zmq::sockopt::curve_secretkey, keys->own.secret_key);
    }
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::subscribe, "");
    EXPECT_EQ(zmq_socket_monitor(socket_.handle(), kMonitor, kRefusalEvents), 0);
    monitor_.connect(kMonitor);
    socket_.connect(address);
  }

  // libzmq's thread must not speak to a monitor that has gone.
  ~Watcher() { zmq_socket_monitor(socket_.handle(), nullptr, 0); }

  // Events are written until one has come, or the connection was refused.
  bool Hears(PubEventSink& events) {
    ack::v1::Event event;
    event.mutable_progress()->set_message_id("m1");
    for (int look = 0; look < kLooks; ++look) {
      events.Write(event);
      zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0},
                                 {monitor_.handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 2, kLookEvery);
      if (items[0].revents != 0 || items[1].revents != 0) {
        return items[0].revents != 0;
      }
    }
    ADD_FAILURE() << "neither heard nor refused";
    return false;
  }

 private:
  zmq::context_t context_{1};
  zmq::socket_t socket_{context_, ZMQ_SUB};
  zmq::socket_t monitor_{context_, ZMQ_PAIR};
};

class EventsPubCurve : public testing::Test {
 protected:
  CurveEndpoint KeysOf(const CurveKeys& own) const { return {router_.public_key, own}; }

  const CurveKeys router_ = NewCurveKeys();
  const CurveKeys allowed_ = NewCurveKeys();
  zmq::context_t context_{1};
  CurveGuard guard_{context_, {{allowed_.public_key, "watcher"}}, {}};
  PubEventSink events_{context_, "tcp://127.0.0.1:*", PubCurve{router_.secret_key, kCurveDomain}};
};

TEST_F(EventsPubCurve, AKeyOfTheListWatches) {
  EXPECT_TRUE(Watcher(events_.address(), KeysOf(allowed_)).Hears(events_));
}

TEST_F(EventsPubCurve, AKeyThatIsNotOnTheListHearsNothing) {
  EXPECT_FALSE(Watcher(events_.address(), KeysOf(NewCurveKeys())).Hears(events_));
}

TEST_F(EventsPubCurve, NoKeyHearsNothing) {
  EXPECT_FALSE(Watcher(events_.address(), std::nullopt).Hears(events_));
}

}  // namespace
}  // namespace cmb::reference
