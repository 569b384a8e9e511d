import { ListObjectsV2Command, NoSuchBucket } from '@aws-sdk/client-s3';
import type { Check } from '../check.ts';
import { fail, pass } from '../findings.ts';

export const logBucketCheck: Check = {
  name: 'log bucket',
  parts: ['logBucket'],
  actions: ['s3:ListBucket'],
  run: async ({ clients, nameOf }) => {
    const bucket = nameOf('logBucket');
    try {
      const { KeyCount = 0 } = await clients.s3.send(
        new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }),
      );
      return pass(KeyCount === 0 ? 'it is there, and empty' : 'it is there, and holds files');
    } catch (error) {
      if (!(error instanceof NoSuchBucket)) throw error;
      return fail(
        `there is no bucket ${bucket}: somebody deleted it, and log files are not taken`,
        'take the construct LogFiles out of the Scoring stack, deploy, put it back, deploy again',
      );
    }
  },
};
