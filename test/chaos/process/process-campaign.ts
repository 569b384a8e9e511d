import type { CampaignRequest, CampaignResult } from '../campaign/campaign-result.ts';

export async function runProcessCampaign(
  _request: CampaignRequest,
  _onProgress: (records: number) => void,
): Promise<CampaignResult> {
  throw new Error('not yet');
}
