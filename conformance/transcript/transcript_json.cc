#include "conformance/transcript/transcript_json.h"

#include <istream>
#include <utility>

#include "conformance/transcript/frame_json.h"

namespace cmb::conformance {
namespace {

using conformance::FromJson;
using conformance::ToJson;

constexpr char kFormat[] = "cmb-transcript-1";
constexpr std::size_t kLongestName = 200;  // File systems take 255 bytes.

Json ToJson(const ControlAct& act) {
  Json json;
  json["request"] = ToJson(act.request);
  json["reply"] = ToJson(act.reply);
  if (act.payload.size != 0) {
    json["payload"] = ToJson(act.payload);
  }
  return json;
}

ControlAct ControlActFromJson(const Json& json) {
  ControlAct act;
  FromJson(json.at("request"), act.request);
  FromJson(json.at("reply"), act.reply);
  if (json.contains("payload")) {
    act.payload = FrameFromJson(json.at("payload"));
  } else if (act.request.has_send()) {
    act.payload = MakeFrameBytes("");
  }
  return act;
}

Json ToJson(const IutEvent& event) { return ToJson(event.event); }

constexpr std::pair<NoteKind, const char*> kNoteWords[] = {{NoteKind::kFault, "fault"},
                                                           {NoteKind::kLost, "lost"},
                                                           {NoteKind::kDrawn, "drawn"},
                                                           {NoteKind::kOther, "other"}};

Json ToJson(const Note& note) {
  Json json;
  for (const auto& [kind, word] : kNoteWords) {
    if (kind == note.kind) {
      json["kind"] = word;
    }
  }
  json["text"] = note.text;
  if (note.frame) {
    json["frame"] = ToJson(*note.frame);
  }
  return json;
}

Note NoteFromJson(const Json& json) {
  Note note;
  note.text = json.at("text").get<std::string>();
  if (json.contains("frame")) {
    note.frame = DataFrameFromJson(json.at("frame"));
  }
  const auto word = json.at("kind").get<std::string>();
  for (const auto& [kind, name] : kNoteWords) {
    if (word == name) {
      note.kind = kind;
      return note;
    }
  }
  throw Broken("unknown kind of note " + word);
}

Json ToJson(const StepMarker& marker) {
  Json json;
  json["line"] = marker.line;
  json["text"] = marker.text;
  return json;
}

Json ToJson(const ProcessMark& mark) {
  return mark.moment == ProcessMoment::kCrashed ? "crashed" : "started";
}

ProcessMark ProcessMarkFromJson(const Json& json) {
  const auto word = json.get<std::string>();
  if (word != "crashed" && word != "started") {
    throw Broken("unknown moment of a process " + word);
  }
  return {word == "crashed" ? ProcessMoment::kCrashed : ProcessMoment::kStarted};
}

const char* KeyOf(const What& what) {
  constexpr const char* kKeys[] = {"frame", "control", "event", "note", "step_begins", "process"};
  return kKeys[what.index()];
}

What WhatFromJson(const Json& json) {
  if (json.contains("frame")) {
    return DataFrameFromJson(json.at("frame"));
  }
  if (json.contains("control")) {
    return ControlActFromJson(json.at("control"));
  }
  if (json.contains("event")) {
    IutEvent event;
    FromJson(json.at("event"), event.event);
    return event;
  }
  if (json.contains("note")) {
    return NoteFromJson(json.at("note"));
  }
  if (json.contains("process")) {
    return ProcessMarkFromJson(json.at("process"));
  }
  const Json& marker = json.at("step_begins");
  return StepMarker{marker.at("line").get<int>(), marker.at("text").get<std::string>()};
}

Json ToJson(const Entry& entry) {
  Json json;
  json["at_ms"] = entry.at_ms;
  json["step"] = entry.step;
  json["exchange"] = entry.exchange;
  json[KeyOf(entry.what)] = std::visit([](const auto& what) { return ToJson(what); }, entry.what);
  return json;
}

Entry EntryFromJson(const Json& json) {
  Entry entry;
  entry.at_ms = json.at("at_ms").get<std::uint64_t>();
  entry.step = json.at("step").get<int>();
  entry.exchange = json.at("exchange").get<std::uint64_t>();
  entry.what = WhatFromJson(json);
  return entry;
}

template <typename Enum>
Enum EnumFromWord(const std::string& word,
                  bool (*parse)(google::protobuf::ConstStringParam, Enum*)) {
  Enum value{};
  if (!parse(word, &value)) {
    throw Broken("unknown word " + word);
  }
  return value;
}

Json ToJson(const TranscriptHeader& header) {
  Json json;
  json["format"] = kFormat;
  json["case_id"] = header.case_id;
  json["role"] = ack::v1::Role_Name(header.role);
  json["module_id"] = header.module_id;
  json["channels"] = header.channels;
  json["profile"] = ack::v1::Profile_Name(header.profile);
  json["features"] = Json::array();
  for (const ack::v1::Feature feature : header.features) {
    json["features"].push_back(ack::v1::Feature_Name(feature));
  }
  json["settings"] = ToJson(header.settings);
  json["seed"] = header.seed;
  if (!header.connected.empty()) {
    json["connected"] = header.connected;
  }
  for (const auto& [name, channels] : header.other_routers) {
    json["other_routers"].push_back({{"name", name}, {"channels", channels}});
  }
  if (header.frames_only) {
    json["frames_only"] = true;
  }
  return json;
}

TranscriptHeader HeaderFromJson(const Json& json) {
  if (json.at("format").get<std::string>() != kFormat) {
    throw Broken("not a transcript of the format " + std::string(kFormat));
  }
  TranscriptHeader header;
  header.case_id = json.at("case_id").get<std::string>();
  header.role = EnumFromWord(json.at("role").get<std::string>(), ack::v1::Role_Parse);
  header.module_id = json.at("module_id").get<std::string>();
  header.channels = json.at("channels").get<std::vector<std::string>>();
  header.profile = EnumFromWord(json.at("profile").get<std::string>(), ack::v1::Profile_Parse);
  for (const Json& word : json.at("features")) {
    header.features.push_back(EnumFromWord(word.get<std::string>(), ack::v1::Feature_Parse));
  }
  FromJson(json.at("settings"), header.settings);
  header.seed = json.at("seed").get<std::uint64_t>();
  if (json.contains("connected")) {
    header.connected = json.at("connected").get<std::vector<std::string>>();
  }
  for (const Json& other : json.value("other_routers", Json::array())) {
    header.other_routers.emplace_back(other.at("name").get<std::string>(),
                                      other.at("channels").get<std::vector<std::string>>());
  }
  header.frames_only = json.contains("frames_only") && json.at("frames_only").get<bool>();
  return header;
}

// What nlohmann says, without the names of its own faults.
std::string Sentence(const std::exception& fault) {
  const std::string text = fault.what();
  const std::size_t name_ends = text.find("] ");
  return text.starts_with("[json.exception") && name_ends != std::string::npos
             ? text.substr(name_ends + 2)
             : text;
}

bool PlainFileCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '+' || c == '-';
}

}  // namespace

std::string TranscriptLines(const Transcript& transcript) {
  std::string lines = LineOf(ToJson(transcript.header)) + '\n';
  for (const Entry& entry : transcript.entries) {
    lines += EntryLine(entry) + '\n';
  }
  return lines;
}

std::variant<Transcript, TranscriptError> ReadTranscript(std::istream& in) {
  Transcript transcript;
  std::string text;
  int line = 0;
  try {
    while (std::getline(in, text)) {
      ++line;
      const Json json = FromLine(text);
      if (line == 1) {
        transcript.header = HeaderFromJson(json);
      } else {
        transcript.entries.push_back(EntryFromJson(json));
      }
    }
  } catch (const std::exception& fault) {  // nlohmann's own and Broken.
    return TranscriptError{line, Sentence(fault)};
  }
  if (line == 0) {
    return TranscriptError{1, "no header line"};
  }
  return transcript;
}

std::string EntryLine(const Entry& entry) { return LineOf(ToJson(entry)); }

std::string TranscriptFileName(const std::string& case_id) {
  std::string name;
  bool turned = case_id.size() > kLongestName;
  for (const char c : case_id.substr(0, kLongestName)) {
    const bool plain = PlainFileCharacter(c);
    name += plain ? c : '_';
    turned = turned || !plain;
  }
  if (turned) {
    constexpr char kDigits[] = "0123456789abcdef";
    const std::uint64_t hash = MakeFrameBytes(case_id).hash;
    name += '-';
    for (unsigned shift = 0; shift < 32; shift += 4) {
      name += kDigits[(hash >> shift) & 15U];
    }
  }
  return name + ".jsonl";
}

}  // namespace cmb::conformance
