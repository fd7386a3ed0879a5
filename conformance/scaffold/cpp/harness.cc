// A harness for cmb-conformance around an implementation of the {{role}}.
//
//     g++ -std=c++20 -O1 harness.cc -o harness        (Debian: nlohmann-json3-dev)
//     cmb-conformance smoke --stdio --role {{role}} -- ./harness
//     cmb-conformance run --stdio --role {{role}} -- ./harness
//
// It speaks the control channel (chapter 10 of the specification) as lines of JSON, and is complete.
// Your own code goes where YOUR CODE stands. Standard output belongs to the suite: print to stderr.
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

using nlohmann::json;

const json kPics = {{"name", "my-{{role}}"}, {"version", "0.1"}, {"schemaVersions", {1}},
                    {"roles", json::array({{{"role", "ROLE_{{ROLE}}"}, {"profile", "PROFILE_CORE"}}})},  // Then _BASIC, _TRACKED, _DURABLE.
                    {"features", {"FEATURE_VIRTUAL_CLOCK", "FEATURE_INLINE_HEADERS"}}};
const std::set<std::string> kHousekeeping = {"TIMER_KIND_RECONCILE", "TIMER_KIND_RECORD_EXPIRY", "TIMER_KIND_HEARTBEAT"};

// A 64-bit number is a string in Protobuf's JSON form, or absent.
std::int64_t Number(const json& object, const char* name) {
  const json value = object.value(name, json(0));
  return value.is_string() ? std::strtoll(value.get<std::string>().c_str(), nullptr, 10) : value.get<std::int64_t>();
}
std::string Text(const json& object, const char* name) { return object.value(name, std::string()); }
const std::string kIncarnation = std::getenv("CMB_INCARNATION") == nullptr ? "" : std::getenv("CMB_INCARNATION");

// The clock, what leaves, what is told, and the timers. Send is false where a router has no connection to `peer`.
struct World {
  std::int64_t now_ms = 0, made_ids = 0, told = 0, undeliverable = 0;
  std::string id_prefix;
  std::optional<std::set<std::string>> connected;  // Of a router: who is.
  json frames = json::array(), events = json::array(), timers = json::array();

  bool Send(const std::string& socket, const std::string& peer, const json& header, const std::string& payload = "") {
    const bool reached = !connected || connected->contains(peer);
    reached ? frames.push_back({{"socket", socket}, {"peer", peer}, {"header", header}, {"payload", payload}}) : void(++undeliverable);
    return reached;
  }
  // Tell({{"transition", {…}}}), Tell({{"anomaly", {…}}}): the fields of cmb.ack.v1.Event.
  void Tell(json event) {
    event["number"] = ++told;
    events.push_back(event);
  }
  std::string NextId() { return id_prefix + std::to_string(++made_ids); }
  // Arm({{"kind", "TIMER_KIND_TTL"}, {"messageId", …}, {"source", …}, {"deadlineMs", …}}).
  void Arm(const json& timer) {
    Disarm(timer);
    timers.push_back(timer);
  }
  void Disarm(json timer) {
    for (std::size_t i = timers.size(); i-- > 0;) {
      timer["deadlineMs"] = timers[i]["deadlineMs"];
      timers[i] == timer ? timers.erase(i) : void();
    }
  }
  json NextTimer(bool housekeeping) const {
    json next;  // Null: there is none. Of equals TTL, then the first armed.
    const auto rank = [](const json& timer) { return std::pair(timer["deadlineMs"], timer["kind"] != "TIMER_KIND_TTL"); };
    for (const json& timer : timers) {
      if (kHousekeeping.contains(timer["kind"]) == housekeeping && (next.is_null() || rank(timer) < rank(next))) next = timer;
    }
    return next;
  }
};

// Your {{role}} in one case: made anew by Begin and by each Reset. `world` is all it may touch.
struct Implementation {
  json configure, settings;  // With the names of control.proto in lowerCamelCase.
  World& world;
  // YOUR CODE: its records.

  // A message came by `socket`; header is null where it could not be decoded.
  void Frame(const std::string& socket, const std::string& peer, const json& header, const std::string& payload) {
    if (header.is_object() && Text(header, "msgType") == "MSG_TYPE_PING" && header["targets"] == json{configure["moduleId"]} &&
        !Text(header, "source").empty() && Text(header, "messageId").starts_with("@")) {
      const bool ingress = socket == "ack_ingress", egress = socket == "ack_egress";
      world.Send(ingress ? "ack_egress" : egress ? "ack_ingress" : socket, peer,
                 {{"schemaVersion", 1}, {"msgType", "MSG_TYPE_PONG"}, {"source", configure["moduleId"]},
                  {"targets", {header["source"]}}, {"correlationId", header["messageId"]}}, payload);
    }
    // YOUR CODE: all else by 3.6 and 3.7, no own header above 65536 bytes (CMB-WIRE-023). world.Send, .Arm, .Disarm, .Tell.
  }
  void Fire(const json&) {}  // YOUR CODE: a timer that was armed is due.
  json Record(const json&) { return nullptr; }  // YOUR CODE: the TransactionRecord of a message, if any.
//<sender>
  std::string Submit(const json&) { return world.NextId(); }  // YOUR CODE: the application sends.
//</sender>
//<target>
  void Script(const json&) {}  // YOUR CODE: what the handler shall do with a message that will come (10.4).
//</target>
};

struct Refusal { std::string kind; };
void Refuse(bool when, const std::string& kind) { when ? throw Refusal{kind} : void(); }

// One request after another, each with one reply. Requests are called as in control.proto.
class Harness {
 public:
  void Run() {
    Say({{"hello", {{"pics", kPics}, {"incarnation", kIncarnation}}}});
    for (std::string line; !ended_ && std::getline(std::cin, line);) {
      json request = json::parse(line, nullptr, false);
      if (!request.is_object()) request = json::object();  // No request: refused for its seq.
      json reply = {{"seq", Number(request, "seq")}, {"epoch", Number(request, "epoch")}};
      try {
        Answer(request, reply);
      } catch (const Refusal& refusal) {
        reply["error"] = {{"kind", "ERROR_KIND_" + refusal.kind}, {"sentence", "see 10.1"}};
      }
      Report(reply);
      Say({{"reply", reply}});
      if (request.contains("reset") && !reply.contains("error")) {
        ++epoch_;
        Start(request["reset"].value("settings", json::object()));
      }
    }
  }

 private:
  static void Say(const json& message) { std::cout << message.dump() << std::endl; }

  void Start(const json& settings) {
    auto connected = world_.connected;  // Outlives a case.
    world_ = World{.now_ms = Number(settings, "nowMs"), .id_prefix = Text(settings, "idPrefix"), .connected = connected};
    mine_.reset(new Implementation{configure_, settings, world_});
  }
  void Report(json& reply) {
    reply.update({{"nowMs", world_.now_ms}, {"undeliverable", world_.undeliverable}, {"events", world_.events}, {"frames", world_.frames}});
    world_.events = world_.frames = json::array();
    for (const std::string word : {"HOUSEKEEPING", "PROTOCOL"}) {
      if (const json timer = world_.NextTimer(word == "HOUSEKEEPING"); !timer.is_null()) {
        reply["nextDeadline"] = {{"ms", timer["deadlineMs"]}, {"class", "DEADLINE_CLASS_" + word}};
      }
    }
  }
  void Answer(const json& request, json& reply) {
    const bool in_order = Number(request, "seq") == seq_ + 1;
    seq_ += in_order ? 1 : 0;  // Refused or not.
    Refuse(!in_order || Number(request, "epoch") != epoch_ || Text(request, "incarnation") != kIncarnation, "BAD_REQUEST");
    const bool configures = request.contains("configure"), begins = request.contains("begin");
    ended_ = request.contains("shutdown");
    if (configures && configure_.is_null()) {
      Configure(request["configure"]);
    } else if (begins && !configure_.is_null() && !begun_) {
      begun_ = true;
    } else if (!ended_) {
      Refuse(!begun_ || configures || begins, "BAD_REQUEST");
      Act(request, reply);
    }
  }
  void Configure(const json& configure) {
    Refuse(Text(configure, "role") != "ROLE_{{ROLE}}" || Text(configure, "binding") != "BINDING_INLINE_HEADERS", "UNSUPPORTED");
    Refuse(!Text(configure, "store").empty() || configure.contains("curve"), "UNSUPPORTED");
//<router>
    world_.connected = configure.value("connected", std::set<std::string>());
//</router>
    configure_ = configure;
    Start(configure.value("settings", json::object()));
  }
  void Act(const json& request, json& reply) {
    if (request.contains("advance")) {
      Advance(request["advance"]);
    } else if (request.contains("getTransaction")) {
      const json record = mine_->Record(request["getTransaction"]);
      reply["transaction"] = record.is_null() ? json::object() : json{{"record", record}};
    } else if (request.contains("timers")) {
      reply["timers"] = {{"timers", world_.timers}};
    } else if (request.contains("wallJump")) {
      mine_->settings["wallBaseMs"] = Number(mine_->settings, "wallBaseMs") + Number(request["wallJump"], "byMs");
//<sender>
    } else if (request.contains("send")) {
      reply["sentMessage"] = {{"messageId", mine_->Submit(request["send"])}};
//</sender>
//<target>
    } else if (request.contains("scriptExecution")) {
      mine_->Script(request["scriptExecution"]);
//</target>
//<router>
    } else if (request.contains("connection")) {
      const json& change = request["connection"];
      world_.connected->erase(change["module"].get<std::string>());
      change.value("connected", false) ? void(world_.connected->insert(change["module"])) : void();
//</router>
    } else {
      Refuse(request.contains("send") || request.contains("cancel") || request.contains("scriptExecution"), "UNSUPPORTED");
      Refuse(!request.contains("reset"), "BAD_REQUEST");  // Its reply is of the case that ends; Run begins the next one.
    }
  }
  void Advance(const json& advance) {
    const std::int64_t to_ms = Number(advance, "toMs");
    const std::string fire = Text(advance, "fire");
    const json armed = world_.NextTimer(false);
    Refuse(fire != "FIRE_NONE" && fire != "FIRE_BEFORE_FRAMES" && fire != "FIRE_AFTER_FRAMES", "BAD_REQUEST");
    Refuse(to_ms < world_.now_ms, "BACKWARDS");
    Refuse(!armed.is_null() && to_ms > armed["deadlineMs"], "OVERSTEP");
    world_.now_ms = to_ms;
    FireDue(to_ms, true);
    FireDue(fire == "FIRE_BEFORE_FRAMES" ? to_ms : -1, false);
    for (const json& frame : advance.value("frames", json::array())) {
      mine_->Frame(frame["socket"], Text(frame, "peer"), frame.value("header", json()), Text(frame, "payload"));
    }
    FireDue(fire == "FIRE_AFTER_FRAMES" ? to_ms : -1, false);
  }
  void FireDue(std::int64_t at_ms, bool housekeeping) {
    for (json timer; !(timer = world_.NextTimer(housekeeping)).is_null() && timer["deadlineMs"] <= at_ms; mine_->Fire(timer)) world_.Disarm(timer);
  }
  std::int64_t seq_ = 0, epoch_ = 0;
  bool begun_ = false, ended_ = false;
  json configure_;
  World world_;
  std::unique_ptr<Implementation> mine_;
};

int main() { Harness().Run(); }
