// The model of the sender: leads each input to the record that it is about. What a record does then
// is sender_machine. No threads.
#pragma once

#include <map>
#include <string>

#include "conformance/oracle/tables/sender_judgement.h"
#include "conformance/oracle/tables/sender_machine.h"

namespace cmb::conformance::oracle::tables::sender {

class SenderModel : public Model {
 public:
  explicit SenderModel(World& world)
      : world_(world),
        circuits_(world.history.settings().circuit()),
        machine_(world, records_, circuits_) {}

  void Handle(const FrameSeen& frame) override;
  void Act(const ControlAct& act) override;
  void Fire(const ArmedTimer& timer) override;
  void Housekeep() override {}  // Records are forgotten when one looks for them.
  void Connect(const std::string&, Connection) override {}
  void Crash() override {}
  void Start() override;

  std::string_view RequirementOf(const ack::v1::Event& event) const override;
  std::string_view RequirementOf(const ack::v1::CognitiveMessage& header) const override;
  std::string_view RuledOutBy(const ack::v1::CognitiveMessage& header) const override;
  std::string_view RuledOutBy(const ack::v1::Event& event) const override;
  std::string_view OfOdd(const FrameSeen& frame) const override;
  std::string_view OfOdd(const ack::v1::Event& event) const override;
  std::string_view OfWait(std::uint64_t said_ms) const override;

 private:
  using Finding = JudgementRow<Judgement>;

  void HandleAck(const FrameSeen& frame, const ack::v1::Ack& ack);
  void Count(const Finding& finding, const FrameSeen& frame, const ack::v1::Ack* ack,
             const Record* record);
  bool WasJudged(const Record& record, const ack::v1::Ack& ack);
  void Judge(Record& record, const ack::v1::Ack& ack) const;
  // CHO-005: past its lifetime it is there or is not.
  bool IsOver(const std::string& message_id) const;  // The time of its record (CHO-005).
  Record* Find(const std::string& message_id);
  const Record* Known(const std::string& message_id) const;
  std::string_view OfUnaskedAck(const ack::v1::Ack& ack) const;

  void Send(const ControlAct& act);
  Record Made(const ControlAct& act) const;
  std::size_t BytesOf(Record made, bool longest) const;
  void Cancel(const std::string& message_id);
  void Tell(const control::v1::GetTransaction& wanted);
  void Reply(std::string_view requirement, control::v1::Reply reply);
  void Refuse(std::string_view requirement, control::v1::ErrorKind kind);

  World& world_;
  std::map<std::string, Record> records_;
  Circuits circuits_;
  Machine machine_;
  std::uint64_t sends_ = 0;
  std::uint64_t refused_in_ = 0;   // Exchange of the last Send that must be refused.
  std::string_view circuit_says_;  // Of the last Send.
  std::size_t process_ = 0;
};

}  // namespace cmb::conformance::oracle::tables::sender
