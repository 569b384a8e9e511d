import { describe, expect, it } from 'vitest';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11112222-3333-4444-5555-666677778888';
const OTHERS = {
  format: 'lines',
  kind: 'malicious',
  family: 'partner',
  weight: 60,
  everyHours: 6,
  halfLifeDays: 7,
  expiresDays: 7,
  licence: { name: 'our contract', attribution: 'Example' },
} as const;

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the function that refreshes lists may do with services that only lists in buckets need. */
function statementsOf(
  own: readonly { readonly name: string; readonly url: string; readonly keyArn?: string }[],
) {
  const feeds = { own: own.map((feed) => ({ ...OTHERS, ...feed })) };
  const { scoring } = synthesizeService(siteEnvironment('prod', { feeds }));
  const policies = scoring.findResources('AWS::IAM::Policy') as Record<
    string,
    { readonly Properties: { readonly PolicyDocument: { readonly Statement: readonly Statement[] } } }
  >;
  const [[, policy] = ['', undefined]] = Object.entries(policies).filter(([id]) =>
    id.startsWith('RefreshFeeds'),
  );
  expect(policy).toBeDefined();
  return (policy?.Properties.PolicyDocument.Statement ?? []).filter(({ Action }) =>
    /s3:|kms:/.test(JSON.stringify(Action)),
  );
}

describe('the role of the function that refreshes lists', () => {
  it('may read nothing in a bucket where no list lies in one', () => {
    expect(statementsOf([])).toEqual([]);
  });

  it('may read the lists that lie in buckets, and decrypt those that are encrypted with a key of their own', () => {
    const statements = statementsOf([
      { name: 'one', url: 's3://site-lists/daily/one.txt' },
      { name: 'two', url: 's3://other-lists/two.txt', keyArn: KEY },
      { name: 'three', url: 's3://other-lists/three.txt', keyArn: KEY },
    ]);

    expect(statements).toEqual([
      {
        Action: 's3:GetObject',
        Effect: 'Allow',
        Resource: ['other-lists/three.txt', 'other-lists/two.txt', 'site-lists/daily/one.txt'].map(
          (object) => `arn:aws:s3:::${object}`,
        ),
      },
      {
        Sid: 'DecryptLists',
        Action: 'kms:Decrypt',
        Effect: 'Allow',
        Resource: KEY,
        Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
      },
    ]);
  });
});
