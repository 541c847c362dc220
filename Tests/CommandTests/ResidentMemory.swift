import Foundation
import Testing

/// How much memory of another process is in RAM, and how much was at most since `start`.
final class ResidentMemory {
  /// A connection may hold a frame on its way in and one on its way out, what TLS needs, and a
  /// reconciliation message of 4 MiB with its answer; four times that is room for the allocator.
  static let growthMaxPerPeer = 16 * 1024 * 1024
  /// However many call: `connections` places of 1 MiB each, for most of a crowd waits outside.
  static let growthMaxOfCrowd = 64 * 1024 * 1024

  private let folder: String
  private var before = 0

  init(of process: Int32) {
    folder = "/proc/\(process)"
  }

  static func growthMax(peers: Int) -> Int { min(peers * growthMaxPerPeer, growthMaxOfCrowd) }

  /// Forgets the peak so far.
  func start() throws {
    try Data("5".utf8).write(to: URL(filePath: folder + "/clear_refs"))
    before = try bytes("VmRSS")
  }

  func peakGrowth() throws -> Int { try bytes("VmHWM") - before }

  private func bytes(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: folder + "/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
    return try #require(Int(line.filter(\.isNumber))) * 1024
  }
}
