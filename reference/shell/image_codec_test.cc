// What a store keeps of an image is all of it, whatever it is.
#include "reference/shell/image_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <sstream>
#include <type_traits>

#include "reference/shell/frame_parcel.h"
#include "reference/shell/image_check.h"
#include "reference/shell/image_codec_test_fields.h"
#include "reference/store/images.pb.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

using lifecycle::ParcelRef;

// Of a header, whose strings are UTF-8.
std::string AnyWord() { return *rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z')); }

// With a header of its own, or as it came.
ParcelRef AnyParcel() {
  auto parcel = std::make_shared<FrameParcel>();
  parcel->header.set_source(AnyWord());
  parcel->header.set_attempt(*rc::gen::arbitrary<std::uint32_t>());
  if (*rc::gen::arbitrary<bool>()) {
    const std::string bytes = parcel->header.SerializeAsString();
    parcel->SetHeaderFrame(zmq::message_t(bytes.data(), bytes.size()));
  }
  const auto payload = *rc::gen::arbitrary<std::string>();
  parcel->SetPayload(zmq::message_t(payload.data(), payload.size()));
  return parcel;
}

// Fills any kind of field.
struct Filler {
  template <class Number>
  std::enable_if_t<std::is_arithmetic_v<Number>> operator()(Number& to) const {
    to = *rc::gen::arbitrary<Number>();
  }
  template <class Enum>
  std::enable_if_t<std::is_enum_v<Enum>> operator()(Enum& to) const {
    to = static_cast<Enum>(*rc::gen::inRange(0, 100));
  }
  void operator()(std::string& to) const { to = *rc::gen::arbitrary<std::string>(); }
  template <class Tag>
  void operator()(lifecycle::Name<Tag>& to) const {
    to = lifecycle::Name<Tag>(*rc::gen::arbitrary<std::string>());
  }
  void operator()(lifecycle::Duration& to) const {
    to = lifecycle::Duration(*rc::gen::arbitrary<std::int64_t>());
  }
  void operator()(lifecycle::Instant& to) const {
    to = lifecycle::AtMs(*rc::gen::arbitrary<std::int64_t>());
  }
  void operator()(ParcelRef& to) const { to = *rc::gen::arbitrary<bool>() ? AnyParcel() : nullptr; }
  template <class Value>
  void operator()(std::optional<Value>& to) const {
    if (*rc::gen::arbitrary<bool>()) {
      (*this)(to.emplace());
    }
  }
  template <class Value>
  void operator()(std::vector<Value>& to) const {
    to.resize(*rc::gen::inRange<std::size_t>(0, 4));
    for (auto& value : to) {
      (*this)(value);
    }
  }
  template <class Value>
  void operator()(std::set<Value>& to) const {
    std::vector<Value> values;
    (*this)(values);
    to.insert(values.begin(), values.end());
  }
  template <class... Values>
  void operator()(std::tuple<Values...>& to) const {
    std::apply([this](auto&... values) { ((*this)(values), ...); }, to);
  }
  void operator()(lifecycle::AckOut& to) const { VisitAck(to, *this); }
};

// Tells any kind of field.
struct Teller {
  std::ostringstream& out;

  template <class Number>
  std::enable_if_t<std::is_arithmetic_v<Number>> operator()(const Number& from) const {
    out << std::hexfloat << +from << ';';
  }
  template <class Enum>
  std::enable_if_t<std::is_enum_v<Enum>> operator()(const Enum& from) const {
    out << static_cast<int>(from) << ';';
  }
  void operator()(const std::string& from) const { out << from.size() << ':' << from << ';'; }
  template <class Tag>
  void operator()(const lifecycle::Name<Tag>& from) const {
    (*this)(from.str());
  }
  void operator()(const lifecycle::Duration& from) const { out << from.count() << ';'; }
  void operator()(const lifecycle::Instant& from) const { out << lifecycle::MsOf(from) << ';'; }
  void operator()(const ParcelRef& from) const {
    if (!from) {
      out << "none;";
      return;
    }
    const FrameParcel& frames = *FramesOf(from);
    (*this)(frames.header.SerializeAsString());
    (*this)(std::string(frames.HeaderBytes()));
    (*this)(std::string(frames.Payload()));
  }
  template <class Value>
  void operator()(const std::optional<Value>& from) const {
    out << (from ? "some " : "none;");
    if (from) {
      (*this)(*from);
    }
  }
  template <class Value>
  void operator()(const std::vector<Value>& from) const {
    out << from.size() << " of ";
    for (const auto& value : from) {
      (*this)(value);
    }
  }
  void operator()(const std::vector<bool>&) const = delete;
  template <class Value>
  void operator()(const std::set<Value>& from) const {
    (*this)(std::vector<Value>(from.begin(), from.end()));
  }
  template <class... Values>
  void operator()(const std::tuple<Values...>& from) const {
    std::apply([this](const auto&... values) { ((*this)(values), ...); }, from);
  }
  void operator()(const lifecycle::AckOut& from) const { VisitAck(from, *this); }
};

template <class Record, class Visit>
std::string Told(const Record& record, Visit visit) {
  std::ostringstream out;
  visit(record, Teller{out});
  return out.str();
}

std::vector<lifecycle::ArmedTimer> AnyTimers() {
  std::vector<lifecycle::ArmedTimer> timers(*rc::gen::inRange<std::size_t>(0, 4));
  for (auto& timer : timers) {
    VisitTimer(timer, Filler{});
  }
  return timers;
}

TxEntry EntryWith(std::string image, const ParcelRef& frames) {
  TxEntry entry;
  entry.image = std::move(image);
  entry.frames = EncodeFrames(frames);
  return entry;
}

RC_GTEST_PROP(ImageCodec, ASenderComesBackAsItWas, ()) {
  lifecycle::SenderImage image;
  VisitSender(image.record, Filler{});
  image.timers = AnyTimers();
  const auto back = DecodeSenderImage(EntryWith(EncodeImage(image), image.record.message.parcel));
  const auto visit = [](const auto& record, const Teller& teller) { VisitSender(record, teller); };
  RC_ASSERT(Told(back.record, visit) == Told(image.record, visit));
  RC_ASSERT(back.timers == image.timers);
}

RC_GTEST_PROP(ImageCodec, ARouterComesBackAsItWas, ()) {
  lifecycle::RouterImage image;
  VisitRouter(image.record, Filler{});
  image.timers = AnyTimers();
  const auto back = DecodeRouterImage(EntryWith(EncodeImage(image), image.record.parcel));
  const auto visit = [](const auto& record, const Teller& teller) { VisitRouter(record, teller); };
  RC_ASSERT(Told(back.record, visit) == Told(image.record, visit));
  RC_ASSERT(back.timers == image.timers);
}

RC_GTEST_PROP(ImageCodec, AWorkComesBackAsItWas, ()) {
  lifecycle::WorkImage image;
  VisitWork(image, Filler{});
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    const lifecycle::MessageId id("m" + std::to_string(i));
    image.order.push_back(id);
    Filler{}(image.messages[id].highest_attempt);
    Filler{}(image.messages[id].executions);
    Filler{}(image.messages[id].expires);
    Filler{}(image.messages[id].stream);
    Filler{}(image.messages[id].sequence);
    Filler{}(image.messages[id].came);
    Filler{}(image.messages[id].routers);
    image.messages[id].routers.insert(lifecycle::RouterName());  // What came, came by one.
    Filler{}(image.messages[id].untold);
  }
  const auto back = DecodeWorkImage(EntryWith(EncodeImage(image), image.parcel));
  const auto visit = [](const auto& work, const Teller& teller) { VisitWork(work, teller); };
  RC_ASSERT(Told(back, visit) == Told(image, visit));
  RC_ASSERT(back.order == image.order);
  for (const auto& [id, attached] : image.messages) {
    const auto& [highest_attempt, expires, executions, stream, sequence, came, routers, untold] =
        back.messages.at(id);
    RC_ASSERT(highest_attempt == attached.highest_attempt);
    RC_ASSERT(expires == attached.expires && stream == attached.stream);
    RC_ASSERT(sequence == attached.sequence && came == attached.came);
    RC_ASSERT(executions == attached.executions);
    RC_ASSERT(routers == attached.routers);
    RC_ASSERT(untold == attached.untold);
  }
}

// What a store said before it knew of several routers.
TEST(ImageCodec, AWorkOfAnOlderStoreCameByTheFirstRouter) {
  store::WorkImage older;
  older.set_all_untold(true);
  older.add_messages()->set_id("m1");
  older.mutable_messages(0)->set_highest_attempt(2);
  older.add_messages()->set_id("only-cancelled");
  const auto work = DecodeWorkImage(EntryWith(older.SerializeAsString(), nullptr));
  const std::set<lifecycle::RouterName> first{lifecycle::RouterName()};
  EXPECT_EQ(work.messages.at(lifecycle::MessageId("m1")).routers, first);
  EXPECT_EQ(work.messages.at(lifecycle::MessageId("m1")).untold, first);
  EXPECT_TRUE(work.messages.at(lifecycle::MessageId("only-cancelled")).untold.empty());
}

TEST(ImageCodec, BytesThatAreNoImageNameTheRecordAndItsPlace) {
  TxEntry entry;
  entry.record.set_source("a");
  entry.record.set_message_id("m1");
  entry.image = "\xff";
  EXPECT_THROW(DecodeSenderImage(entry), std::runtime_error);
  try {
    ImageIn(MemoryTxStore(), entry, DecodeWorkImage);
    ADD_FAILURE() << "it was taken";
  } catch (const StoreDamaged& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("the store in memory: message m1 of a: "))
        << error.what();
  }
}

}  // namespace
}  // namespace cmb::reference
