import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeParameter } from '../../../lib/cutover/change-parameter.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);

/** What is in force, by version; somebody else may write right before or after any call. */
let values: string[];
let before: (call: string) => void;
let after: (call: string) => void;

beforeEach(() => {
  values = ['one', 'two'];
  before = () => {};
  after = () => {};
  let calls = 0;
  const watched = <Result>(operation: string, act: () => Result): Result => {
    const call = `${operation} ${++calls}`;
    before(call);
    const result = act();
    after(call);
    return result;
  };
  ssm.reset();
  ssm.on(GetParameterCommand).callsFake(({ Name }: { Name: string }) =>
    watched('get', () => {
      const Version = Number(Name.split(':')[1] ?? values.length);
      return { Parameter: { Value: values[Version - 1], Version } };
    }),
  );
  ssm
    .on(PutParameterCommand)
    .callsFake(({ Value }: { Value: string }) => watched('put', () => ({ Version: values.push(Value) })));
});

const change = () =>
  changeParameter(client, '/settings', {
    before: { value: 'two', version: 2, changedAtMs: 0 },
    value: 'ours',
    description: 'why',
  });

const others = (call: string, value: string) => (made: string) => {
  if (made === call) values.push(value);
};

describe('changeParameter', () => {
  it('writes over the value that it was decided on', async () => {
    expect(await change()).toEqual({ status: 'changed', version: 3 });
    expect(values).toEqual(['one', 'two', 'ours']);
  });

  it('writes nothing where another value is there already', async () => {
    values.push('theirs');

    expect(await change()).toMatchObject({ status: 'overtaken', by: { value: 'theirs', version: 3 } });
    expect(values).toEqual(['one', 'two', 'theirs']);
  });

  it('puts back what came between looking and writing', async () => {
    before = others('put 2', 'theirs');

    expect(await change()).toMatchObject({
      status: 'restored',
      by: { value: 'theirs', version: 3 },
      version: 5,
    });
    expect(values).toEqual(['one', 'two', 'theirs', 'ours', 'theirs']);
  });

  it('leaves what came right afterwards', async () => {
    before = others('put 2', 'theirs');
    after = others('put 2', 'last');

    expect(await change()).toMatchObject({ status: 'replaced', by: { value: 'last', version: 5 } });
    expect(values.at(-1)).toBe('last');
  });

  it('puts back what came while it was putting back', async () => {
    let puts = 0;
    before = (call) => {
      if (call.startsWith('put') && ++puts <= 2) values.push(`theirs ${puts}`);
    };

    expect(await change()).toMatchObject({ status: 'restored', by: { value: 'theirs 2' } });
    expect(values).toEqual(['one', 'two', 'theirs 1', 'ours', 'theirs 2', 'theirs 1', 'theirs 2']);
  });

  it('gives up against somebody who never stops, with theirs in force or right before', async () => {
    let puts = 0;
    before = (call) => {
      if (call.startsWith('put')) values.push(`theirs ${++puts}`);
    };

    expect(await change()).toMatchObject({ status: 'replaced' });
    expect(values.at(-1)).toMatch(/^theirs/);
  });
});
