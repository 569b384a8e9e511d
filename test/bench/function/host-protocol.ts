import type { Profiler } from 'node:inspector';

/** What the process that holds the function is asked to do. */
export type HostRequest =
  | { readonly type: 'invoke'; readonly eventJson: string; readonly timeoutMs: number }
  | { readonly type: 'start_profile' }
  | { readonly type: 'stop_profile' };

/** One invocation, from the event's text to the response's. */
export interface Invocation {
  readonly wallMs: number;
  /** CPU time of all the process's threads. */
  readonly cpuMs: number;
  /** Most resident memory that the process has had so far. */
  readonly peakBytes: number;
  /** What the function printed. */
  readonly logBytes: number;
  readonly responseJson: string;
}

export type HostAnswer =
  | { readonly type: 'ready'; readonly importCpuMs: number }
  | { readonly type: 'returned'; readonly invocation: Invocation }
  | { readonly type: 'profiling' }
  | { readonly type: 'profile'; readonly profile: Profiler.Profile }
  | { readonly type: 'failed'; readonly reason: string };
