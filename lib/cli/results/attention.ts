import type { AddressFindings } from '../../announcement/address-findings.ts';
import type { GroundTruth } from '../../store/labels.ts';

/** An address that needs a human. */
export interface AttentionEntry extends AddressFindings {
  /** The human label of the most urgent finding; absent if there is none. */
  readonly label?: GroundTruth;
}

/** The addresses that need a human. */
export interface Attention {
  /** In the requested order, up to the requested number. */
  readonly entries: readonly AttentionEntry[];
  /** Addresses left out because all their connections were unanswered. */
  readonly knockingAddresses: number;
  /** Addresses left out because of their labels, before the requested number was found. */
  readonly settledAddresses: number;
  /** Addresses not examined because enough had been found. */
  readonly furtherAddresses: number;
}
