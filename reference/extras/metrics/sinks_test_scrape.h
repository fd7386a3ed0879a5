// The page of metrics as Prometheus gets it, for tests of programs that have one.
//
// Header only, as its users are tests. Every wait has a deadline. Threads: the test's.
#pragma once

#include <civetweb.h>

#include <chrono>
#include <string>

namespace cmb::reference {

// Answer to GET `url`, "http://HOST:PORT/PATH", without its head; empty: there was none.
inline std::string Scrape(const std::string& url) {
  const auto host = url.find("//") + 2;
  const auto colon = url.find(':', host);
  const auto path = url.find('/', colon);
  char error[256];
  mg_connection* connection =
      mg_download(url.substr(host, colon - host).c_str(), std::stoi(url.substr(colon + 1)), 0,
                  error, sizeof(error), "GET %s HTTP/1.0\r\n\r\n", url.substr(path).c_str());
  if (connection == nullptr) {
    return {};
  }
  std::string page;
  char bytes[4096];
  for (int got = 0; (got = mg_read(connection, bytes, sizeof(bytes))) > 0;) {
    page.append(bytes, static_cast<std::size_t>(got));
  }
  mg_close_connection(connection);
  return page;
}

// Scrapes until the page has this line. What was wanted if it never had, else empty.
inline std::string Missing(const std::string& url, const std::string& line) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::string page;
  while (std::chrono::steady_clock::now() < deadline) {
    page = Scrape(url);
    if (("\n" + page).find("\n" + line + "\n") != std::string::npos) {
      return {};
    }
  }
  return "never seen: " + line + "\nthe last page:\n" + page;
}

}  // namespace cmb::reference
