import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CampaignRequest, CampaignResult } from './campaign-result.ts';
import type { WorkerAnswer } from './campaign-worker.ts';

const WORKER = fileURLToPath(new URL('./campaign-worker.ts', import.meta.url));

export interface CampaignEvents {
  readonly onProgress: (seed: number, records: number) => void;
  readonly onResult: (result: CampaignResult) => void;
}

/** Runs campaigns in worker processes, as many side by side as there are workers. */
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
        events.onResult(await ask(child, request, events));
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
  { onProgress }: CampaignEvents,
): Promise<CampaignResult> {
  child.send(request);
  for (;;) {
    const [answer] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the process of campaign ${request.seed} ended with ${code}`);
      }),
    ])) as [WorkerAnswer];
    if (answer.type === 'result') return answer.result;
    if (answer.type === 'failed') throw new Error(`campaign ${request.seed}: ${answer.reason}`);
    onProgress(answer.seed, answer.records);
  }
}
