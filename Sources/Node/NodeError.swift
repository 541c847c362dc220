/// Why a node cannot do what its user asked.
package enum NodeError: Error, Equatable {
  case noNode(path: String)
  case exists(path: String)
  case openMode(path: String, mode: String, expected: String)
  case owner(path: String, owner: UInt32, user: UInt32)
  case notPlain(path: String, expected: FileKind)
  case fileExists(path: String)
  case keyFile(path: String, problem: String)
  case passphraseNeeded(key: String)
  case wrongPassphrase(key: String)
  case unattended(key: String)
  case noKey(role: String, path: String)
  case file(path: String, problem: String)
  case notAdmitted
  case noPeer(name: String)
  case noPeers
  case address(String)
  case backupWithoutKeys(path: String)
  case backupOtherRegion(path: String)

  package enum FileKind: String, Sendable {
    case file
    case folder
  }
}

extension NodeError {
  /// The stable name, for `--json` and the audit log.
  package var code: String {
    switch self {
    case .noNode: "no-node"
    case .exists: "node-exists"
    case .openMode: "file-mode"
    case .owner: "file-owner"
    case .notPlain: "file-kind"
    case .fileExists: "file-exists"
    case .keyFile: "key-file"
    case .passphraseNeeded: "passphrase-needed"
    case .wrongPassphrase: "passphrase-wrong"
    case .unattended: "key-unattended"
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
    case .owner(let path, let owner, let user):
      "\(path) belongs to user \(owner), not to \(user) who runs this; run it as that user, or "
        + "chown the file"
    case .notPlain(let path, let expected):
      "\(path) is not a plain \(expected.rawValue), but a link or something else; put the "
        + "\(expected.rawValue) itself there"
    case .fileExists(let path): "\(path) is there already and is never overwritten"
    case .passphraseNeeded(let key):
      "the key \(key) is under a passphrase, and there is no terminal to ask on; give "
        + "--passphrase-fd N, a descriptor with the passphrase on one line"
    case .wrongPassphrase(let key):
      "the passphrase does not open the key \(key): it is another one, or the file was changed"
    case .unattended(let key):
      "the key \(key) is used by sprida serve, which has nobody to ask for a passphrase; it stays "
        + "on the server, with mode 600"
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
