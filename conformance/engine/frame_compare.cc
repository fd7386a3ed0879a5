#include "conformance/engine/frame_compare.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

#include "conformance/engine/field_path.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;
using google::protobuf::util::MessageDifferencer;

// What `name` is: header, frames and payload. Null: there is no such frame.
struct Original {
  const CognitiveMessage* header = nullptr;
  const std::vector<std::string>* bytes = nullptr;
  const std::string* payload = nullptr;
};

Original Find(const std::string& name, const MessageBook& book) {
  if (const Item* kept = book.Kept(name); kept != nullptr && kept->frame) {
    return {&kept->frame->header, &kept->frame->bytes, &kept->frame->payload};
  }
  if (const Known* known = book.Find(name); known != nullptr && known->sent) {
    return {&*known->sent, &known->sent_bytes, &known->payload};
  }
  return {};
}

CognitiveMessage Without(CognitiveMessage header, const std::vector<std::string>& except) {
  for (const std::string& path : except) {
    ClearField(header, path);
    if (header.has_ack()) {
      ClearField(header, "ack." + path);
    }
    if (header.has_reply()) {
      ClearField(header, "reply." + path);
    }
  }
  return header;
}

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ';');
  while (!text.empty() && text.back() == ';') {
    text.pop_back();
  }
  return text;
}

}  // namespace

std::string CompareFrames(const std::string& name, const Item& item,
                          const std::vector<std::string>& except, const MessageBook& book) {
  const Original original = Find(name, book);
  if (original.header == nullptr) {
    return "there is no such frame";
  }
  const CognitiveMessage want = Without(*original.header, except);
  const CognitiveMessage got = Without(item.frame->header, except);
  MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  if (!differencer.Compare(want, got)) {
    return OneLine(report);
  }
  const bool judge_payload = std::find(except.begin(), except.end(), "payload") == except.end();
  if (judge_payload && *original.payload != item.frame->payload) {
    return fmt::format("payload of {} bytes, want {}", item.frame->payload.size(),
                       original.payload->size());
  }
  return "";
}

std::string CompareBytes(const std::string& name, const Item& item, const MessageBook& book) {
  const Original original = Find(name, book);
  if (original.bytes == nullptr) {
    return "there is no such frame";
  }
  const std::vector<std::string>& want = *original.bytes;
  const std::vector<std::string>& got = item.frame->bytes;
  for (std::size_t i = 0; i < std::max(want.size(), got.size()); ++i) {
    if (i >= want.size() || i >= got.size()) {
      return fmt::format("{} frames, want {}", got.size(), want.size());
    }
    if (want[i] != got[i]) {
      const auto place =
          std::mismatch(want[i].begin(), want[i].end(), got[i].begin(), got[i].end());
      return fmt::format("frame {} differs from byte {} on ({} bytes, want {})", i + 1,
                         place.first - want[i].begin(), got[i].size(), want[i].size());
    }
  }
  return "";
}

}  // namespace cmb::conformance::engine
