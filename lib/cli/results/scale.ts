/** The expected traffic. */
export interface Traffic {
  /** Records per second. */
  readonly rate: number;
  /** Share of distinct remote addresses among records packed together, 0-1. */
  readonly addressShare: number;
  /** Share of all records that belong to the busiest address, 0-1. */
  readonly hotShare: number;
  /** One record a message. */
  readonly isSingle: boolean;
  /** Addresses a day without threat intelligence in the record and without a look-up in the last 24 hours. */
  readonly newAddressesPerDay: number;
}

/** Something that grows with the traffic, and its limit. */
export interface Demand {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Absent if there is none. */
  readonly limit?: number;
  /** Name of the limit. */
  readonly limitName?: string;
}

/** What the traffic requires of a deployment. */
export interface Scale {
  readonly demands: readonly Demand[];
  /** What an operator should configure or request, one line each. */
  readonly advice: readonly string[];
}
