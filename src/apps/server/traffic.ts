// What is under way at this instant: requests that are worked on, and bytes of bodies that are still arriving.
// Invariant: both are bounded; a sender who takes its time with a body holds nobody else's place.

export interface TrafficLimits {
  /** Requests worked on at once. */
  readonly openRequests: number
  /** Of all bodies that are not whole yet. */
  readonly arrivingBytes: number
}

export class Traffic {
  readonly #limits: TrafficLimits
  #open = 0
  #arrivingBytes = 0

  constructor(limits: TrafficLimits) {
    this.#limits = limits
  }

  /** Requests that are worked on. */
  get open(): number {
    return this.#open
  }

  get isFull(): boolean {
    return this.#open >= this.#limits.openRequests
  }

  enter(): void {
    this.#open++
  }

  leave(): void {
    this.#open--
  }

  /**
   * Receives the body of a request that has entered, and counts the bytes that come. Meanwhile the request is not
   * worked on. `receive` is given what to tell of every piece; that throws when too much arrives.
   * @throws {Overloaded} when too much arrives, or too much is under way once the body is there
   */
  async receive<T>(receive: (arrived: (bytes: number) => void) => Promise<T>): Promise<T> {
    let own = 0
    const arrived = (bytes: number): void => {
      own += bytes
      this.#arrivingBytes += bytes
      if (this.#arrivingBytes > this.#limits.arrivingBytes) throw new Overloaded()
    }
    this.leave()
    let received: T
    try {
      received = await receive(arrived)
    } finally {
      this.#arrivingBytes -= own
      this.enter()
    }
    if (this.#open > this.#limits.openRequests) throw new Overloaded()
    return received
  }
}

/** More comes than can be taken; the sender should try again in a while. */
export class Overloaded extends Error {
  constructor() {
    super('more arrives than can be taken')
    this.name = 'Overloaded'
  }
}
