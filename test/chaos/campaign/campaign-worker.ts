/** A process that runs campaigns one at a time, on its parent's request. */
import { runProcessCampaign } from '../process/process-campaign.ts';
import { runCampaign } from './campaign.ts';
import type { CampaignRequest, CampaignResult } from './campaign-result.ts';

export type WorkerAnswer =
  | { readonly type: 'progress'; readonly seed: number; readonly records: number }
  | { readonly type: 'result'; readonly result: CampaignResult }
  | { readonly type: 'failed'; readonly reason: string };

process.on('disconnect', () => process.exit());
process.on('message', async (request: CampaignRequest) => {
  const { seed } = request;
  const run = request.isProcess ? runProcessCampaign : runCampaign;
  try {
    answer({
      type: 'result',
      result: await run(request, (records) => answer({ type: 'progress', seed, records })),
    });
  } catch (error) {
    answer({
      type: 'failed',
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});

function answer(message: WorkerAnswer): void {
  process.send?.(message);
}
