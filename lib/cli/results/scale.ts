/** What comes, and how. */
export interface Traffic {
  /** Records per second. */
  readonly rate: number;
  /** Share of distinct remote addresses among the records that are packed together, 0-1. */
  readonly addressShare: number;
  /** Share of all records that the busiest address takes, 0-1. */
  readonly hotShare: number;
  /** Each record in its own message. */
  readonly isSingle: boolean;
  /** Addresses a day that nobody brings threat intelligence for, and nobody has looked up in the last 24 hours. */
  readonly newAddressesPerDay: number;
}

/** Something that grows with the traffic, beside what it may grow to. */
export interface Demand {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Absent if there is none. */
  readonly limit?: number;
  /** What the limit is. */
  readonly limitName?: string;
}

/** What some traffic asks of a deployment. */
export interface Scale {
  readonly demands: readonly Demand[];
  /** What an operator should set or ask for, one line each. */
  readonly advice: readonly string[];
}
