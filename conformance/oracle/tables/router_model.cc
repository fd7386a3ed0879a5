#include <algorithm>
#include <utility>

#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables {
namespace {

class RouterModel : public Model {
 public:
  explicit RouterModel(World& world) : world_(world), machine_(world) {}

  void Handle(const FrameSeen& frame) override { machine_.Handle(frame); }
  void Act(const ControlAct& act) override {
    if (act.request.has_get_transaction()) {
      world_.expected.reply = machine_.AnswerOf(act.request.get_transaction());
    }
  }
  void Fire(const ArmedTimer& timer) override { machine_.Fire(timer); }
  void Housekeep() override { machine_.Housekeep(); }
  void Connect(const std::string& module, Connection connection) override {
    machine_.Connect(module, connection);
  }
  void Crash() override {}
  void Start() override { machine_.Restart(); }

  std::string_view RequirementOf(const ack::v1::Event& event) const override {
    return event.has_anomaly() ? "CMB-OBS-004" : "CMB-OBS-013";
  }

  std::string_view RequirementOf(const ack::v1::CognitiveMessage& header) const override {
    switch (header.msg_type()) {
      case ack::v1::MSG_TYPE_ACK:
        return OfAck(header.ack().ack_type());
      case ack::v1::MSG_TYPE_PONG:
        return "CMB-WIRE-011";
      case ack::v1::MSG_TYPE_REPLY:
        return "CMB-INS-003";
      case ack::v1::MSG_TYPE_MESSAGE:
        return "CMB-RTR-029";
      default:  // open enum
        return "CMB-WIRE-012";
    }
  }

  std::string_view RuledOutBy(const ack::v1::CognitiveMessage& header) const override {
    return machine_.RuledOutBy(header);
  }
  std::string_view RuledOutBy(const ack::v1::Event& event) const override {
    return machine_.RuledOutBy(event);
  }
  std::string_view OfOdd(const FrameSeen& frame) const override { return machine_.OfOdd(frame); }
  std::string_view OfOdd(const ack::v1::Event& event) const override {
    return machine_.OfOdd(event);
  }
  std::string_view OfWait(std::uint64_t said_ms) const override { return machine_.OfWait(said_ms); }

 private:
  static std::string_view OfAck(ack::v1::AckType type) {
    switch (type) {
      case ack::v1::ACK_TYPE_DELIVERY_ACK:
        return "CMB-RTR-009";
      case ack::v1::ACK_TYPE_EXECUTION_ACK:
      case ack::v1::ACK_TYPE_PROGRESS_ACK:
        return "CMB-RTR-021";
      case ack::v1::ACK_TYPE_RECEIPT:
        return "CMB-RTR-022";
      default:  // open enum
        return "CMB-WIRE-019";
    }
  }

  World& world_;
  router::Machine machine_;
};

}  // namespace

// Who is connected the model cannot know of itself.
std::unique_ptr<Model> MakeRouterModel(World& world) {
  return world.history.transcript().header.connected.empty() ? nullptr
                                                             : std::make_unique<RouterModel>(world);
}

}  // namespace cmb::conformance::oracle::tables
