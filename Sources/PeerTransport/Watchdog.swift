import NIOCore

/// The alarms of one connection, on one timer.
///
/// Used on the event loop only. Alarms move with every frame, so the timer is not moved along: when it fires early it looks
/// for what is due next and sleeps again.
final class Watchdog {
  enum Alarm: Int, CaseIterable {
    case hello, idle, stall, closing
  }

  private let eventLoop: any EventLoop
  private var onAlarm: ((Alarm) -> Void)?
  private var due = [NIODeadline?](repeating: nil, count: Alarm.allCases.count)
  private var timer: (scheduled: Scheduled<Void>, due: NIODeadline)?

  init(eventLoop: any EventLoop, onAlarm: @escaping (Alarm) -> Void) {
    self.eventLoop = eventLoop
    self.onAlarm = onAlarm
  }

  func set(_ alarm: Alarm, in duration: Duration) {
    due[alarm.rawValue] = .now() + TimeAmount(duration)
    arm()
  }

  func clear(_ alarm: Alarm) {
    due[alarm.rawValue] = nil
  }

  /// No alarm comes after this, not even one set later.
  func stop() {
    onAlarm = nil
    timer?.scheduled.cancel()
    timer = nil
  }

  private var next: (alarm: Alarm, due: NIODeadline)? {
    Alarm.allCases
      .compactMap { alarm in due[alarm.rawValue].map { (alarm, $0) } }
      .min { $0.1 < $1.1 }
  }

  private func arm() {
    guard onAlarm != nil, let next else { return }
    if let timer {
      guard next.due < timer.due else { return }
      timer.scheduled.cancel()
    }
    let scheduled = eventLoop.assumeIsolated().scheduleTask(deadline: next.due) { self.fire() }
    timer = (scheduled, next.due)
  }

  private func fire() {
    timer = nil
    if let next, next.due <= .now() {
      clear(next.alarm)
      onAlarm?(next.alarm)
    }
    arm()
  }
}
