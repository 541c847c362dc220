/// Why a node cannot do what its user asked.
package enum NodeError: Error, Equatable {
  case noNode(path: String)
  case exists(path: String)
  case openMode(path: String, mode: String, expected: String)
  case keyFile(path: String, problem: String)
  case noKey(role: String, path: String)
  case file(path: String, problem: String)
  case notAdmitted
  case noPeer(name: String)
  case noPeers
  case address(String)
  case backupWithoutKeys(path: String)
  case backupOtherRegion(path: String)
}

extension NodeError {
  /// The stable name, for `--json` and the audit log.
  package var code: String {
    switch self {
    case .noNode: "no-node"
    case .exists: "node-exists"
    case .openMode: "file-mode"
    case .keyFile: "key-file"
    case .noKey: "no-key"
    case .file: "file"
    case .notAdmitted: "not-admitted"
    case .noPeer: "no-peer"
    case .noPeers: "no-peers"
    case .address: "address"
    case .backupWithoutKeys: "backup-without-keys"
    case .backupOtherRegion: "backup-other-region"
    }
  }
}

extension NodeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noNode(let path): "\(path) holds no node; make one with sprida init"
    case .exists(let path): "\(path) holds a node already; choose another --directory"
    case .openMode(let path, let mode, let expected):
      "\(path) has mode \(mode) and may be read by others; run chmod \(expected) on it"
    case .keyFile(let path, let problem): "\(path) is not a key file: \(problem)"
    case .noKey(let role, let path): "the \(role) key is needed and is not here (\(path))"
    case .file(let path, let problem): "\(path): \(problem)"
    case .notAdmitted:
      "the council has not admitted this organisation yet, or the charter has not "
        + "arrived: send the join request, then run sprida sync"
    case .noPeer(let name): "no node of the charter is called \(name); sprida roster lists them"
    case .noPeers: "the charter names no other node with an address"
    case .backupWithoutKeys(let path):
      "\(path) has no keys and the folder has no node key; put the folder keys there first, or "
        + "restore from a copy that was made with --keys"
    case .backupOtherRegion(let path):
      "\(path) belongs to another region than the node in the folder; choose another --directory"
    case .address(let text): "“\(text)” is not an address; expected host:port"
    }
  }
}
