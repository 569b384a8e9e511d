import type { FlowDetection } from './flow-detection.ts';

/** A rule that fired on a flow, as an intrusion detection system reports it: apart from the flow. */
export interface Alert {
  /** What the sensor calls the flow. */
  readonly flowId: string;
  /** Both sides, in canonical form; which is which depends on the packet. */
  readonly addresses: readonly [string, string];
  readonly detection: FlowDetection;
}
