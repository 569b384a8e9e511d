import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CampaignRequest, CampaignResult } from './campaign-result.ts';
import type { WorkerAnswer } from './campaign-worker.ts';

const WORKER = fileURLToPath(new URL('./campaign-worker.ts', import.meta.url));

export interface CampaignEvents {
  readonly onProgress: (seed: number, records: number) => void;
  readonly onResult: (result: CampaignResult) => void;
}

/** Runs campaigns in parallel, one per worker process. */
export async function runCampaigns(
  requests: readonly CampaignRequest[],
  workers: number,
  events: CampaignEvents,
): Promise<void> {
  const open = requests.values();
  const work = async () => {
    let child: ChildProcess | undefined;
    try {
      for (const request of open) {
        child ??= fork(WORKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
        events.onResult(await ask(child, request, events.onProgress));
      }
    } finally {
      child?.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, requests.length) }, work));
}

async function ask(
  child: ChildProcess,
  request: CampaignRequest,
  onProgress: CampaignEvents['onProgress'],
): Promise<CampaignResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CampaignResult>();
  const onMessage = (answer: WorkerAnswer) => {
    if (answer.type === 'result') resolve(answer.result);
    else if (answer.type === 'failed') reject(new Error(`campaign ${request.seed}: ${answer.reason}`));
    else onProgress(answer.seed, answer.records);
  };
  const onExit = (code: number | null) =>
    reject(new Error(`campaign ${request.seed}: its process ended with ${code}`));
  child.on('message', onMessage).on('exit', onExit).send(request);
  try {
    return await promise;
  } finally {
    child.off('message', onMessage).off('exit', onExit);
  }
}
