import CSodium

/// Bytes that must not outlive their use: a passphrase, a seed, a derived key.
///
/// Between guard pages, kept out of swap as far as the system allows, and overwritten when released.
///
/// `@unchecked Sendable`: the memory is written once, in `init`, and only read afterwards.
package struct Secret: ~Copyable, @unchecked Sendable {
  package let byteCount: Int
  /// For calls of libsodium, while the secret is borrowed.
  let memory: UnsafeMutableRawPointer

  /// `fill` writes into memory of `capacity` bytes and says how many of them count.
  package init(
    capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows {
    Sodium.initialise()
    guard let memory = sodium_malloc(max(1, capacity)) else {
      sprida_refuse_to_run("sprida: minnet är slut / out of memory\n")
    }
    self.memory = memory
    do {
      byteCount = try fill(UnsafeMutableRawBufferPointer(start: memory, count: capacity))
    } catch {
      sodium_free(memory)
      throw error
    }
  }

  /// Nil unless `isFilled` has written all `byteCount` bytes.
  init?(byteCount: Int, isFilled: (UnsafeMutableRawPointer) -> Bool) {
    var isWhole = false
    self.init(capacity: byteCount) { buffer in
      isWhole = buffer.baseAddress.map(isFilled) ?? false
      return byteCount
    }
    guard isWhole else { return nil }
  }

  package init(copying bytes: some Collection<UInt8>) {
    self.init(capacity: bytes.count) { memory in
      memory.copyBytes(from: bytes)
      return bytes.count
    }
  }

  /// Nil unless `digits` are an even number of hexadecimal digits.
  package init?(hex digits: some Collection<UInt8>) {
    let nibbles = digits.lazy.map(Hex.nibble)
    guard digits.count.isMultiple(of: 2), nibbles.allSatisfy({ $0 != nil }) else { return nil }
    self.init(capacity: digits.count / 2) { memory in
      for (index, nibble) in nibbles.enumerated() {
        let high = index.isMultiple(of: 2)
        memory[index / 2] = (high ? 0 : memory[index / 2]) | (nibble ?? 0) << (high ? 4 : 0)
      }
      return digits.count / 2
    }
  }

  deinit {
    sodium_free(memory)
  }

  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: memory, count: byteCount))
  }

  package func copy() -> Secret {
    Secret(copying: UnsafeRawBufferPointer(start: memory, count: byteCount))
  }

  /// Whether both hold the same bytes, in a time that does not tell where they differ.
  package func isEqual(to other: borrowing Secret) -> Bool {
    byteCount == other.byteCount && sodium_memcmp(memory, other.memory, byteCount) == 0
  }

  /// Overwrites a buffer through which a secret had to pass.
  package static func erase(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return }
      sodium_memzero(start, buffer.count)
    }
  }
}

/// What the system may keep of this process.
package enum ProcessMemory {
  /// No core files, and no tracing by other processes of the user.
  package static func forbidDumps() {
    sprida_forbid_dumps()
  }
}
