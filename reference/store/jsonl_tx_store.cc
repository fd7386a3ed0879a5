#include "reference/store/jsonl_tx_store.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <stdexcept>

namespace cmb::reference {
namespace {

constexpr std::string_view kErasedBegin = "{\"erased\":";

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    throw std::runtime_error(status.ToString());
  }
  return json;
}

// True: `line` was one change, and `records` has it.
bool Apply(std::string_view line, MemoryTxStore& records) {
  const bool erased = line.substr(0, kErasedBegin.size()) == kErasedBegin && line.back() == '}';
  if (erased) {
    line.remove_prefix(kErasedBegin.size());
    line.remove_suffix(1);
  }
  ack::v1::TransactionRecord record;
  if (!google::protobuf::util::JsonStringToMessage(std::string(line), &record).ok()) {
    return false;
  }
  if (erased) {
    records.Erase(KeyOf(record));
  } else {
    records.Put(record);
  }
  return true;
}

}  // namespace

JsonlTxStore::JsonlTxStore(std::string path) : path_(std::move(path)) {
  Replay();
  file_.open(path_, std::ios::app);
  if (!file_) {
    throw std::runtime_error(fmt::format("cannot write the store {}", path_));
  }
}

void JsonlTxStore::Replay() {
  std::ifstream file(path_);
  std::string line;
  std::uintmax_t whole_bytes = 0;  // Up to the end of the last whole line.
  int number = 0;
  while (std::getline(file, line)) {
    ++number;
    const bool torn = file.eof();  // No newline at its end.
    if (!torn && !line.empty() && !Apply(line, records_)) {
      throw std::runtime_error(fmt::format("{}:{}: this line is no record", path_, number));
    }
    if (torn) {
      std::filesystem::resize_file(path_, whole_bytes);
      return;
    }
    whole_bytes += line.size() + 1;
  }
}

void JsonlTxStore::Append(const std::string& line) {
  file_ << line << '\n';
  if (!file_) {
    throw std::runtime_error(fmt::format("cannot write the store {}", path_));
  }
}

void JsonlTxStore::Put(const ack::v1::TransactionRecord& record) {
  Append(ToJson(record));
  records_.Put(record);
}

std::optional<ack::v1::TransactionRecord> JsonlTxStore::Get(const TxKey& key) const {
  return records_.Get(key);
}

void JsonlTxStore::Erase(const TxKey& key) {
  if (!records_.Get(key)) {
    return;
  }
  ack::v1::TransactionRecord name;
  name.set_role(key.role);
  name.set_source(key.source);
  name.set_message_id(key.message_id);
  Append(fmt::format("{}{}}}", kErasedBegin, ToJson(name)));
  records_.Erase(key);
}

std::vector<ack::v1::TransactionRecord> JsonlTxStore::All() const { return records_.All(); }

void JsonlTxStore::Flush() {
  file_.flush();
  if (!file_) {
    throw std::runtime_error(fmt::format("cannot write the store {}", path_));
  }
}

}  // namespace cmb::reference
