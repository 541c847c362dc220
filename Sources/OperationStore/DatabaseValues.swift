import FoundationEssentials
import GRDB
import Operations
import Signatures

extension Digest {
  var data: Data { Data(bytes) }
}

extension Row {
  /// A 32-byte column; the store wrote it, so another length is damage.
  func digest(_ column: String) throws -> Digest {
    guard let data: Data = self[column], let digest = Digest(data) else {
      throw StoreError.corrupt("column \(column) is not 32 bytes")
    }
    return digest
  }

  func operation() throws -> Operation {
    let envelope: Data = self["envelope"]
    let body: Data? = self["body"]
    do {
      return try Operation(stored: Array(envelope), body: body.map { Array($0) } ?? [])
    } catch {
      throw StoreError.corrupt("a stored operation does not decode: \(error)")
    }
  }

  func parcel() -> Parcel {
    let envelope: Data = self["envelope"]
    let body: Data? = self["body"]
    return Parcel(envelope: Array(envelope), body: body.map { Array($0) } ?? [])
  }
}
