import PeerTransport
import Testing

@Suite struct PeerAddressTests {
  @Test(arguments: [
    ("nod.example.se:7440", "nod.example.se", 7440),
    ("192.0.2.7:1", "192.0.2.7", 1),
    ("[2001:db8::7]:65535", "2001:db8::7", 65535),
    ("[::1]:0", "::1", 0),
  ])
  func `a host and a port are read and written the same way`(
    text: String, host: String, port: Int
  ) throws {
    let address = try #require(PeerAddress(text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ":", "host", "host:", ":7440", "host:65536", "host:-1", "host:+1", "host: 1", "host:7a",
    "2001:db8::7:7440", "[2001:db8::7]", "[2001:db8::7]7440", "[192.0.2.7]:1", "[host]:1", "[]:1",
    "[:1", "a b:1", "nöd.se:1", "host\n:1", "http://host:1",
    String(repeating: "a", count: 254) + ":1",
  ])
  func `anything else is no address`(text: String) {
    #expect(PeerAddress(text) == nil)
  }
}
