import type { FanOut } from '../../activity/fan-out.ts';
import type { Finding } from '../../store/finding.ts';

/** A host of the site's own that needs a look. */
export interface InsideHost {
  readonly host: string;
  /** The most urgent finding that names it; absent if none does. */
  readonly worst?: Finding;
  /** Remote addresses with findings that name it. */
  readonly addresses: number;
  /** Absent if it does not try many targets in vain. */
  readonly fanOut?: FanOut;
}
