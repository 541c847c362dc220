import FoundationEssentials
import Glibc

/// File systems on which a lock may hold on one machine only.
enum NetworkFileSystem {
  private static let types: Set<Substring> = [
    "nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs", "glusterfs", "fuse.sshfs",
    "fuse.glusterfs",
  ]

  /// The type of the one that holds a file; nil for a local one.
  static func type(of path: String) -> String? {
    var info = stat()
    guard stat(path, &info) == 0,
      let mounts = FileManager.default.contents(atPath: "/proc/self/mountinfo")
    else { return nil }
    let device = UInt64(info.st_dev)
    let major = (device >> 8) & 0xfff | (device >> 32) & ~0xfff
    let minor = device & 0xff | (device >> 12) & ~0xff
    return type(of: "\(major):\(minor)", in: String(decoding: mounts, as: UTF8.self))
  }

  /// Finds a device in the table of mounts (proc(5)): `id parent device root point … - type …`.
  static func type(of device: String, in mounts: String) -> String? {
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 2, fields[2] == device, let dash = fields.firstIndex(of: "-"),
        dash + 1 < fields.count
      else { continue }
      let type = fields[dash + 1]
      return types.contains(type) ? String(type) : nil
    }
    return nil
  }
}
