import type { FlowDetection } from './flow-detection.ts';

/** An alert that an intrusion detection system reported separately from the flow it fired on. */
export interface Alert {
  /** The sensor's id of the flow. */
  readonly flowId: string;
  /** Both sides, in canonical form; which is which depends on the packet. */
  readonly addresses: readonly [string, string];
  readonly detection: FlowDetection;
}
