import type { Finding } from '../../results/doctor.ts';
import type { Progress } from '../progress.ts';
import type { AwsClients } from './aws-clients.ts';
import type { Part, Subject } from './subject.ts';

/** What a call asks for. */
export interface DoctorOptions {
  /** How long a verdict, or what a rehearsal sets off, is waited for. */
  readonly timeoutSeconds: number;
  readonly rehearsesAlarm: boolean;
  readonly rehearsesRollback: boolean;
}

/** What a check works with. */
export interface Examination extends DoctorOptions {
  readonly subject: Subject;
  readonly clients: AwsClients;
  readonly progress: Progress;
  /** The name of a part; of those that the check lists, each has one. */
  readonly nameOf: (part: Part) => string;
}

/** One thing that is looked at, and one line of the report. */
export interface Check {
  readonly name: string;
  /** Parts of the deployment that it needs the names of; where one has none, it is skipped. */
  readonly parts: readonly Part[];
  /** What the caller must be permitted to do, as IAM names it. */
  readonly actions: readonly string[];
  /** Whether the embedded stack has nothing of the kind. */
  readonly isDeployedOnly?: true;
  /** Whether the names come from stacks, so that a deployment that is named part by part has nothing of the kind. */
  readonly needsStacks?: true;
  /** For what is done only when it is asked for: the option that asks for it, and whether it was given. */
  readonly request?: { readonly option: string; readonly isMade: (options: DoctorOptions) => boolean };
  /** @throws whatever a client throws: it becomes a finding */
  readonly run: (examination: Examination) => Promise<Finding>;
}
