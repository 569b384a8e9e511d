import type { AddressFindings } from '../../announcement/address-findings.ts';
import type { GroundTruth } from '../../store/labels.ts';

/** An address that needs a human. */
export interface AttentionEntry extends AddressFindings {
  /** What a human said about the most urgent finding; absent if nobody has. */
  readonly label?: GroundTruth;
}

/** What needs a human. */
export interface Attention {
  /** In the order asked for, as many as asked for. */
  readonly entries: readonly AttentionEntry[];
  /** How many addresses were left out because nothing answered them. */
  readonly knockingAddresses: number;
  /** How many were left out, before as many were found as asked for, because labels have settled them. */
  readonly settledAddresses: number;
  /** How many were not looked at, since enough were found. */
  readonly furtherAddresses: number;
}
