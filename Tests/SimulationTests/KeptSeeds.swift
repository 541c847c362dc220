/// Seeds that found something, and what it was; they run before all others.
enum KeptSeeds {
  static let all: [(seed: UInt64, found: String)] = [
    (55, "a set of operations that had become empty left a row in the digests"),
    (84, "an operation refused for a cut left its organisation a size of 0"),
    (90, "a removed node with a new store did not know what it had been removed from"),
    (94, "a removed node could not hold the removal, for it lacked what that follows"),
    (94, "what acted under a refused operation was kept, and the charter could not be read again"),
    (101, "a removed node lacked the heads that a rotation had kept"),
    (492, "rebuild forgot a record that only an heir had written"),
  ]
}
