#include "reference/extras/metrics/metrics_server.h"

#include <CivetServer.h>
#include <fmt/format.h>
#include <prometheus/exposer.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

namespace cmb::reference {
namespace {

// What civetweb last complained of: its exception does not say why it cannot listen.
// It binds in the thread that makes the server.
thread_local std::string complaint;

CivetCallbacks KeepingComplaints() {
  CivetCallbacks callbacks;
  callbacks.log_message = [](const mg_connection*, const char* message) {
    complaint = complaint.empty() ? message : complaint;  // The first one is the cause.
    return 1;
  };
  return callbacks;
}

// "cannot bind to 127.0.0.1:9464: 98 (Address already in use)" -> what the system said.
std::string Cause() {
  const auto open = complaint.find('(');
  const auto close = complaint.rfind(')');
  return complaint.starts_with("cannot bind") && open < close
             ? complaint.substr(open + 1, close - open - 1)
             : "there is no such host";
}

std::unique_ptr<prometheus::Exposer> Listening(const std::string& address) {
  complaint.clear();
  const auto callbacks = KeepingComplaints();
  try {
    return std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", address, "num_threads", "2"}, &callbacks);
  } catch (const CivetException&) {
    throw std::runtime_error(
        fmt::format("metrics: cannot listen on {}: {}; name an address of this machine with a "
                    "free port, for example 127.0.0.1:9464, or with port 0 for any",
                    address, Cause()));
  }
}

}  // namespace

MetricsServer::MetricsServer(const std::string& address,
                             std::shared_ptr<prometheus::Collectable> metrics)
    : metrics_(std::move(metrics)), exposer_(Listening(address)) {
  exposer_->RegisterCollectable(metrics_);
  host_ = address.substr(0, address.rfind(':'));
  port_ = exposer_->GetListeningPorts().at(0);
  url_ = fmt::format("http://{}:{}/metrics", host_, port_);
}

// civetweb looks every two seconds whether it shall stop, and whenever somebody comes.
MetricsServer::~MetricsServer() {
  auto stopped = std::async(std::launch::async, [this] { exposer_.reset(); });
  while (stopped.wait_for(std::chrono::milliseconds(10)) == std::future_status::timeout) {
    char error[256];
    if (auto* visitor = mg_connect_client(host_.c_str(), port_, 0, error, sizeof(error))) {
      mg_close_connection(visitor);
    }
  }
}

}  // namespace cmb::reference
