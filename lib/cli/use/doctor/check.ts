import type { Finding } from '../../results/doctor.ts';
import type { Progress } from '../progress.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Part, Subject } from './subject.ts';

/** The options of a call. */
export interface DoctorOptions {
  /** How long to wait for a verdict, or for the effect of a rehearsal. */
  readonly timeoutSeconds: number;
  readonly rehearsesAlarm: boolean;
  readonly rehearsesRollback: boolean;
}

/** The context of a check. */
export interface Examination extends DoctorOptions {
  readonly subject: Subject;
  readonly clients: AwsClients;
  readonly progress: Progress;
  /** The name of a part. Every part that the check lists has one. */
  readonly nameOf: (part: Part) => string;
}

/** One check, which gives one line of the report. */
export interface Check {
  readonly name: string;
  /** Parts whose names the check needs; it is skipped if one is missing. */
  readonly parts: readonly Part[];
  /** IAM actions that the caller needs. */
  readonly actions: readonly string[];
  /** Whether it does not apply to the embedded stack. */
  readonly isDeployedOnly?: true;
  /** Whether it needs a deployment named by environment, not part by part. */
  readonly needsStacks?: true;
  /** For checks that only run on request: their option, and whether it was given. */
  readonly request?: { readonly option: string; readonly isMade: (options: DoctorOptions) => boolean };
  /** @throws whatever a client throws, which is reported as a finding */
  readonly run: (examination: Examination) => Promise<Finding>;
}
