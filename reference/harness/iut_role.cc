#include "reference/harness/iut_role.h"

#include <algorithm>
#include <utility>

#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/harness/case_settings.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

template <class Router>
std::vector<std::string> ChannelNames(const Router& router) {
  std::vector<std::string> names;
  for (const auto& channel : router.channels()) {
    names.push_back(channel.name());
  }
  return names;
}

// CMB-CTL-047. The first router has no name.
SocketMap SocketsOf(const control::v1::Configure& configure) {
  std::vector<RouterSockets> routers{{"", ChannelNames(configure)}};
  for (const auto& other : configure.other_routers()) {
    routers.push_back({other.name(), ChannelNames(other)});
  }
  return SocketMap::OfRouters(routers);
}

template <class Router>
void AddAddresses(const Router& router, std::vector<std::string>& addresses) {
  for (const auto& channel : router.channels()) {
    addresses.push_back(channel.address());
  }
  addresses.push_back(router.ack_ingress());
  addresses.push_back(router.ack_egress());
}

std::vector<std::string> Addresses(const control::v1::Configure& configure) {
  std::vector<std::string> addresses;
  AddAddresses(configure, addresses);
  for (const auto& other : configure.other_routers()) {
    AddAddresses(other, addresses);
  }
  return addresses;
}

bool IsInline(const control::v1::Configure& configure) {
  return configure.binding() != control::v1::BINDING_UNSPECIFIED;
}

bool IsRouter(const control::v1::Configure& configure) {
  return configure.role() == ack::v1::ROLE_ROUTER;
}

// CMB-CTL-021.
decltype(SocketOptions::curve) CurveOf(const control::v1::Configure& configure) {
  const auto& curve = configure.curve();
  if (!configure.has_curve()) {
    return {};
  }
  if (!IsRouter(configure)) {
    return CurveEndpoint{curve.server_public(), {curve.own_public(), curve.own_secret()}};
  }
  CurveRouter router{{curve.server_public(), curve.server_secret()}, {}};
  for (const auto& key : curve.allowed()) {
    router.allowed[key.public_key()] = key.module_id();
  }
  return router;
}

// Why the keys cannot be used; absent: they can, or there are none.
std::optional<std::string> FaultOfCurve(const control::v1::Configure& configure) {
  if (!configure.has_curve()) {
    return std::nullopt;
  }
  const auto& curve = configure.curve();
  std::vector<std::string> keys{curve.server_public()};
  if (IsRouter(configure)) {
    keys.push_back(curve.server_secret());
    for (const auto& key : curve.allowed()) {
      keys.push_back(key.public_key());
    }
  } else {
    keys.push_back(curve.own_public());
    keys.push_back(curve.own_secret());
  }
  return std::all_of(keys.begin(), keys.end(), IsCurveKey)
             ? std::nullopt
             : std::optional<std::string>("a CURVE key is 40 characters of Z85");
}

// Virtual time: nothing may be cut, and nothing may depend on how long a thing
// took.
SocketOptions Options(const control::v1::Configure& configure) {
  SocketOptions options;
  options.routing_id =
      configure.role() == ack::v1::ROLE_ROUTER ? std::string() : configure.module_id();
  options.high_water_mark = 0;
  options.reconnect_ms = 1;
  options.heartbeat_timeout_ms = 0;
  options.curve = CurveOf(configure);
  if (const auto* keys = std::get_if<CurveEndpoint>(&options.curve)) {
    options.other_curves.assign(static_cast<std::size_t>(configure.other_routers_size()), *keys);
  }
  return options;
}

// A test kills the process, never the machine, so that nothing needs a flush of
// the disk (CMB-DUR-013 is judged by inspection).
std::unique_ptr<TxStore> StoreIn(const std::string& directory) {
  if (directory.empty()) {
    return std::make_unique<MemoryTxStore>();
  }
  return std::make_unique<SqliteTxStore>(directory + "/records.db", Durability::kProcess);
}

}  // namespace

std::optional<std::string> FaultOfConfigure(const control::v1::Configure& configure) {
  const bool is_router = configure.role() == ack::v1::ROLE_ROUTER;
  const std::string& id = configure.module_id();
  if (is_router ? id != lifecycle::kRouterId.str() : id.empty() || id.front() == '@') {
    return "module_id must be @router for a router, and a name without @ for an endpoint";
  }
  if (configure.channels().empty()) {
    return "at least one channel is needed";
  }
  for (const auto& other : configure.other_routers()) {
    if (is_router || other.name().empty() || other.channels().empty()) {
      return "another router is an endpoint's, and has a name and a channel";
    }
  }
  if (IsInline(configure)) {
    return configure.has_curve() ? std::optional<std::string>("there is no CURVE without sockets")
                                 : std::nullopt;
  }
  for (const auto& address : Addresses(configure)) {
    if (address.empty()) {
      return "every socket needs an address";
    }
  }
  return FaultOfCurve(configure);
}

IutRole::IutRole(zmq::context_t& context, const control::v1::Configure& configure, Claims claims,
                 bool check_replay)
    : claims_(std::move(claims)),
      role_(configure.role()),
      module_id_(configure.module_id()),
      opening_settings_(configure.settings()),
      socket_map_(SocketsOf(configure)),
      sockets_(IsInline(configure)
                   ? nullptr
                   : std::make_unique<ZmqTransport>(context, socket_map_, Options(configure))),
      inline_(IsInline(configure) ? std::make_unique<InlineTransport>(configure, socket_map_)
                                  : nullptr),
      transport_(sockets_ ? static_cast<Transport&>(*sockets_) : *inline_),
      replay_(check_replay ? std::make_unique<ReplayCheck>() : nullptr),
      scripts_(clock_),
      store_(StoreIn(configure.store())) {
  if (sockets_ && role_ == ack::v1::ROLE_ROUTER) {
    sockets_->Bind(Addresses(configure));
  } else if (sockets_) {
    sockets_->Connect(Addresses(configure));
  }
  MakeCase(opening_settings_);
}

void IutRole::Begin() {
  MakeCase(opening_settings_);
  if (replay_) {
    replay_->Begin(!store_->All().empty());
  }
  shell().Recover(Away::kKnown);  // The runner tells the instant.
}

void IutRole::ForgetStored() {
  Commit();  // Nothing shall be written after it.
  store_->Clear();
}

void IutRole::BeginCase(const control::v1::Settings& settings) {
  MakeCase(settings);
  if (replay_) {
    replay_->Begin(false);
  }
}

std::optional<std::string> IutRole::ReplayFault() const {
  if (!replay_) {
    return std::nullopt;
  }
  return replay_->Fault(
      [this](const auto& source, const auto& id) { return shell().Find(source, id); });
}

void IutRole::MakeCase(const control::v1::Settings& settings) {
  clock_ = ManualClock();
  clock_.SetNowMs(settings.now_ms());
  clock_.SetWallBaseMs(settings.wall_base_ms());
  if (sockets_) {
    sockets_->ResetCounters();
  } else {
    inline_->Forget();
  }
  static_cast<void>(events_.Take());
  scripts_.Clear();
  std::vector<EventSink*> sinks{&events_};
  if (replay_) {
    sinks.push_back(replay_.get());
  }
  journal_ = std::make_unique<Journal>(clock_, std::move(sinks));
  if (role_ == ack::v1::ROLE_ROUTER) {
    MakeRouter(settings);
  } else {
    MakeEndpoint(settings);
  }
}

// CMB-DUR-005: the start lasts before the handler does anything.
void IutRole::Start(const lifecycle::MessageKey& key, const lifecycle::HandlerStart& start) {
  endpoint_->WorkStarted(key, start);
  endpoint_->CommitRecords();
}

void IutRole::MakeRouter(const control::v1::Settings& settings) {
  router_ = std::make_unique<RouterShell>(RouterSettingsOf(settings, claims_), socket_map_,
                                          transport_, *journal_, *store_, JitterOf(settings));
}

void IutRole::MakeEndpoint(const control::v1::Settings& settings) {
  const Plays plays = role_ == ack::v1::ROLE_SENDER ? Plays::kSenderOnly : Plays::kTargetOnly;
  endpoint_ = std::make_unique<EndpointShell>(
      EndpointSettingsOf(settings, claims_, module_id_, plays), socket_map_,
      EndpointParts{transport_, *journal_, *store_, scripts_}, JitterOf(settings));
  scripts_.SetAnswers(
      {.held = [this](const auto& key, auto hold) { endpoint_->WorkHeld(key, hold); },
       .started = [this](const auto& key, const auto& s) { Start(key, s); },
       .progressed = [this](const auto& key, const auto& p) { endpoint_->WorkProgressed(key, p); },
       .ended = [this](const auto& key, const auto& end) { endpoint_->WorkEnded(key, end); },
       .stopped = [this](const auto& key) { endpoint_->WorkStopped(key); }},
      endpoint_->settings().target.conditional_ack,
      endpoint_->settings().target.profile != lifecycle::Profile::kBasic);
}

void IutRole::Commit() {
  shell().Commit();
  shell().Commit();  // What the first one sent is itself recorded.
}

RoleShell& IutRole::shell() {
  return router_ ? static_cast<RoleShell&>(*router_) : static_cast<RoleShell&>(*endpoint_);
}

const RoleShell& IutRole::shell() const { return const_cast<IutRole*>(this)->shell(); }

std::optional<lifecycle::Timer> IutRole::NextTimer(lifecycle::TimerClass timer_class) const {
  const auto of_shell = shell().NextTimer(timer_class);
  const auto of_scripts = scripts_.NextTimer(timer_class);
  return FiresBefore(of_scripts, of_shell) ? of_scripts : of_shell;
}

std::vector<lifecycle::Timer> IutRole::Timers() const {
  auto timers = shell().Timers();
  const auto of_scripts = scripts_.Timers();
  timers.insert(timers.end(), of_scripts.begin(), of_scripts.end());
  std::stable_sort(timers.begin(), timers.end(),
                   [](const auto& a, const auto& b) { return FiresBefore(a, b); });
  return timers;
}

bool IutRole::FireNext(lifecycle::TimerClass timer_class) {
  const bool scripts_first =
      FiresBefore(scripts_.NextTimer(timer_class), shell().NextTimer(timer_class));
  return scripts_first ? scripts_.FireNext(timer_class) : shell().FireNext(timer_class);
}

}  // namespace cmb::reference
