import { describe, expect, it } from 'vitest';
import { InputTransformerError, readInput } from '../../../../lib/local/events/input-transformer.ts';

const EVENT = {
  id: 'e1',
  'detail-type': 'Finding',
  detail: { score: 0.9, title: 'a "b"\nc', hosts: ['10.0.0.1', '10.0.0.2'], more: { port: 443 } },
};

const transformed = (InputTemplate: string, InputPathsMap: Readonly<Record<string, string>> = {}) =>
  readInput({ InputTransformer: { InputPathsMap, InputTemplate } })(EVENT);

describe('what a target is given', () => {
  it('is the event where nothing is said', () => {
    expect(JSON.parse(readInput({})(EVENT))).toEqual(EVENT);
  });

  it('is a constant where one is given', () => {
    expect(readInput({ Input: '{"a":1}' })(EVENT)).toBe('{"a":1}');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['{"text":<title>}', { title: '$.detail.title' }, '{"text":"a \\"b\\"\\nc"}'],
    [
      '{"n":<score>,"m":<more>}',
      { score: '$.detail.score', more: '$.detail.more' },
      '{"n":0.9,"m":{"port":443}}',
    ],
    ['{"first":<host>}', { host: '$.detail.hosts[0]' }, '{"first":"10.0.0.1"}'],
    ['{"type":<type>}', { type: '$.detail-type' }, '{"type":"Finding"}'],
    // Lines of text keep the quotes that make them valid JSON, also in mails.
    [
      '"<type> <score>"\n"by <id>"',
      { type: '$.detail-type', score: '$.detail.score', id: '$.id' },
      '"Finding 0.9"\n"by e1"',
    ],
    ['"hosts: <hosts>"', { hosts: '$.detail.hosts' }, '"hosts: [\\"10.0.0.1\\",\\"10.0.0.2\\"]"'],
    ['"<none>|"', { none: '$.detail.nothing.there' }, '"|"'],
    ['{"none":<none>}', { none: '$.detail.nothing' }, '{"none":""}'],
    ['"quote \\" <id>"', { id: '$.id' }, '"quote \\" e1"'],
  ])('is %s with %j filled in: %s', (template, paths, expected) => {
    expect(transformed(template, paths)).toBe(expected);
  });

  it.each([
    ['<a>', { a: '$.detail[*]' }, 'input path $.detail[*] is not known here'],
    ['<a>', { b: '$.detail' }, 'input template: <a> is not defined'],
  ])('is refused for %s', (template, paths, why) => {
    expect(() => transformed(template, paths as Record<string, string>)).toThrow(InputTransformerError);
    expect(() => transformed(template, paths as Record<string, string>)).toThrow(why);
  });
});
