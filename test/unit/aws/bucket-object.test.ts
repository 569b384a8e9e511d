import { expect, it } from 'vitest';
import { objectAt } from '../../../lib/aws/bucket-object.ts';

it.each([
  ['s3://site-lists/own.txt', 'site-lists', 'own.txt'],
  ['s3://site.lists/a/b/own.txt.gz', 'site.lists', 'a/b/own.txt.gz'],
  // As the AWS CLI takes it: nothing is decoded.
  ['s3://site-lists/own%20list+1.txt', 'site-lists', 'own%20list+1.txt'],
  ['s3://site-lists/own list#1.txt', 'site-lists', 'own list#1.txt'],
  [`s3://site-lists/${'k'.repeat(1_024)}`, 'site-lists', 'k'.repeat(1_024)],
])('finds the object of %s', (url, bucket, key) => {
  expect(objectAt(url)).toEqual({ bucket, key });
});

it.each([
  'https://site-lists/own.txt',
  's3:site-lists/own.txt',
  's3://site-lists',
  's3://site-lists/',
  's3:///own.txt',
  's3://Site-Lists/own.txt',
  's3://site-lists/*',
  's3://site-lists/own?.txt',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of a policy.
  's3://site-lists/${aws:username}',
  `s3://site-lists/${'é'.repeat(513)}`,
])('finds none in %s', (url) => {
  expect(objectAt(url)).toBeUndefined();
});
