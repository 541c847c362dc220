import FoundationEssentials
import GRDB
import Operations
import Signatures

extension Digest {
  var data: Data { Data(bytes) }
}

extension Database {
  /// So many are asked for in one statement.
  private static var partCount: Int { 100 }

  /// Runs `body` on parts that one statement takes.
  func forEachPart<Element>(
    of all: [Element], _ body: (ArraySlice<Element>) throws -> Void
  ) rethrows {
    for first in stride(from: 0, to: all.count, by: Self.partCount) {
      try body(all[first...].prefix(Self.partCount))
    }
  }
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
    let parcel = parcel()
    do {
      return try Operation(
        stored: parcel.envelope, body: parcel.body, id: hasColumn("id") ? digest("id") : nil)
    } catch {
      throw StoreError.corrupt("a stored operation does not decode: \(error)")
    }
  }

  /// A body that does not unpack stays as it is: that it is damaged, its digest tells.
  func parcel() -> Parcel {
    let envelope: Data = self["envelope"]
    let body: Data? = self["body"]
    return Parcel(
      envelope: Array(envelope), body: body.map { Packing.unpacked($0) ?? Array($0) } ?? [])
  }
}
