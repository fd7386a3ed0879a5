// Metrics over HTTP, for Prometheus to scrape: GET /metrics.
//
//   MetricsServer server("127.0.0.1:9464", metrics.collectable());
//
// Made by cmb-router, and by whatever program wants the same of its endpoints. Answers
// in threads of its own. Threads: its owner's. Spec: chapter "Observability", metrics.
#pragma once

#include <memory>
#include <string>

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace cmb::reference {

class MetricsServer {
 public:
  // Listens on `address`, HOST:PORT with a name or an IPv4 address; port 0: the system
  // chooses. Throws std::runtime_error with a sentence that says why it cannot.
  MetricsServer(const std::string& address, std::shared_ptr<prometheus::Collectable> metrics);
  ~MetricsServer();

  // http://HOST:PORT/metrics, with the port that is really bound.
  const std::string& url() const { return url_; }

 private:
  std::shared_ptr<prometheus::Collectable> metrics_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::string host_;
  int port_ = 0;
  std::string url_;
};

}  // namespace cmb::reference
