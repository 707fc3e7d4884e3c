/** The offline queue of Node: nothing is lost, nothing counts twice, and what is refused is reported. */

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, QueueFull, Unreachable } from '../../../clients/javascript/client.js';
import { FolderQueue } from '../../../clients/javascript/folder-queue.js';
import { counted, error, files, GATEWAY, newFolder, newPlayer, next, NOWHERE, seen, SERVICE } from './support.mjs';

/**
 * @param {string} address
 * @param {string} folder
 * @param {Partial<import('../../../clients/javascript/client.js').ClientOptions>} [options]
 */
const on = (address, folder, options = {}) =>
  new Client(address, { queue: new FolderQueue(folder), autoFlush: false, ...options });

test('scores wait until the service is there', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  const offline = on(NOWHERE, folder, { patience: 0 });
  await offline.submitLater(1, { player });
  assert.equal(await offline.submitLater(2, { player, board: 'overall', key: 'match-2' }), 'match-2');
  const stopped = await offline.flush();
  assert.deepEqual([stopped.sent, stopped.refused, stopped.left], [0, [], 2]);
  assert.ok(stopped.error instanceof Unreachable);
  assert.deepEqual(
    (await files(folder)).map((file) => [file.sent_at, file.query]),
    [
      [null, {}],
      [null, { board: 'overall' }],
    ],
  );

  await next();
  const online = on(GATEWAY, folder);
  assert.equal(await online.queued(), 2);
  assert.deepEqual(await online.flush(), { sent: 2, refused: [], left: 0, error: null });
  assert.deepEqual(await online.flush(), { sent: 0, refused: [], left: 0, error: null });
  assert.deepEqual(await counted(player), [1, 2]);
  assert.equal((await seen())[1]?.[2], 'match-2');
  assert.deepEqual(await readdir(folder), []);
});

test('a lost answer counts once', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  await next('lose');
  await on(GATEWAY, folder).submitLater(1, { player });
  assert.ok((await on(GATEWAY, folder, { patience: 0 }).flush()).error instanceof Unreachable);
  assert.notEqual((await files(folder))[0].sent_at, null);
  assert.equal((await on(GATEWAY, folder).flush()).sent, 1);
  assert.deepEqual(await counted(player), [1]);
});

test('what is refused is reported and leaves', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  /** @type {import('../../../clients/javascript/client.js').Refused[]} */
  const reported = [];
  const client = on(SERVICE, folder, { onRefused: (refused) => void reported.push(refused) });
  await client.submitLater(-1, { player });
  await client.submitLater(1, { player, board: 'nowhere' });
  await client.submitLater(2, { player });
  const flushed = await client.flush();
  assert.deepEqual([flushed.sent, flushed.left, flushed.error], [1, 0, null]);
  assert.deepEqual(flushed.refused, reported);
  assert.match(reported.map(({ error }) => error.message).join(), /score_out_of_bounds.*unknown_board/);
  assert.equal(reported[0]?.score.score['score'], -1);
  assert.deepEqual(await counted(player), [2]);
});

test('a report that fails keeps the score', async () => {
  const folder = await newFolder();
  const client = on(SERVICE, folder, { onRefused: () => Promise.reject(new Error('the log is full')) });
  await client.submitLater(-1, { player: newPlayer() });
  await assert.rejects(client.flush(), /the log is full/);
  assert.equal(await client.queued(), 1);
});

for (const [what, answer] of Object.entries({
  'a Wi-Fi': [200, { 'Content-Type': 'text/html' }, '<h1>Welcome to our hotel</h1>'],
  'an address that moved': [307, { Location: '/elsewhere', 'Content-Type': 'text/html' }, '<h1>Moved</h1>'],
  'other JSON': [200, { 'Content-Type': 'application/json' }, '{"welcome": "hotel"}'],
  'another page': [404, { 'Content-Type': 'text/html' }, 'no such page'],
})) {
  test(`an answer of ${what} keeps the score`, async () => {
    const folder = await newFolder();
    const client = on(GATEWAY, folder);
    await client.submitLater(1, { player: newPlayer() });
    await next(answer);
    const flushed = await client.flush();
    assert.deepEqual([flushed.sent, flushed.left], [0, 1]);
    assert.ok(flushed.error instanceof Unreachable);
    assert.equal((await client.flush()).sent, 1);
  });
}

test('a wrong key is not the fault of the scores', async () => {
  const folder = await newFolder();
  const client = on(GATEWAY, folder);
  await client.submitLater(1, { player: newPlayer() });
  await next(error(401, 'invalid_api_key'));
  await assert.rejects(client.flush(), { code: 'invalid_api_key' });
  assert.equal((await files(folder))[0].sent_at, null);
  assert.equal((await client.flush()).sent, 1);
});

test('an internal error keeps one score and lets others pass, and so does a limit per player', async () => {
  const [folder, player, other] = [await newFolder(), newPlayer(), newPlayer()];
  const client = on(GATEWAY, folder);
  for (const [who, score] of /** @type {const} */ ([
    [player, 1],
    [player, 2],
    [other, 3],
    [player, 4],
  ])) {
    await client.submitLater(score, { player: who });
  }
  await next(error(500, 'internal_error'), error(422, 'too_many_submissions'));
  const flushed = await client.flush();
  assert.deepEqual([flushed.sent, flushed.left, flushed.refused], [1, 3, []]);
  assert.deepEqual(await counted(other), [3]);
  assert.equal((await client.flush()).sent, 3);
  assert.deepEqual(await counted(player), [1, 2, 4]);
});

test('a clock that is ahead loses nothing', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  const client = on(SERVICE, folder);
  await client.submitLater(1, { player });
  const ahead = new Date(Date.now() + 3_600_000);
  await edit(folder, (content) => ({ ...content, score: { ...content.score, played_at: ahead.toISOString() } }));
  assert.equal((await client.flush()).sent, 1);
  await client.submitLater(2, { player, playedAt: ahead });
  assert.match((await client.flush()).refused[0]?.error.message ?? '', /invalid_played_at/);
  assert.deepEqual(await counted(player), [1]);
});

test('an uncertain score is not sent after its key was forgotten', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  const client = on(GATEWAY, folder, { patience: 0 });
  await client.submitLater(1, { player });
  await next('lose');
  await client.flush();
  await edit(folder, (content) => ({ ...content, sent_at: new Date(Date.now() - 8 * 86_400_000).toISOString() }));
  const flushed = await client.flush();
  assert.match(flushed.refused[0]?.error.message ?? '', /outcome_unknown/);
  assert.equal(flushed.left, 0);
  assert.equal((await seen()).length, 1);
});

test('a full queue says so', async () => {
  const folder = await newFolder();
  const client = on(SERVICE, folder, { queue: new FolderQueue(folder, { limit: 1 }) });
  await client.submitLater(1, { player: newPlayer() });
  await assert.rejects(client.submitLater(2, { player: newPlayer() }), QueueFull);
  assert.equal((await client.flush()).sent, 1);
});

test('a damaged file is put aside and reported', async () => {
  const folder = await newFolder();
  const client = on(SERVICE, folder);
  await client.submitLater(1, { player: newPlayer() });
  await writeFile(join(folder, '1-000000-0.json'), '{"key": "half');
  const flushed = await client.flush();
  assert.deepEqual([flushed.sent, flushed.left], [1, 0]);
  assert.match(flushed.refused[0]?.error.message ?? '', /1-000000-0.unreadable is not a queued score/);
  assert.deepEqual(await readdir(folder), ['1-000000-0.unreadable']);
});

test('clients share a queue, and flush one after the other', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  const [one, another] = [on(SERVICE, folder), on(SERVICE, folder)];
  for (let score = 0; score < 20; score++) await (score % 2 ? one : another).submitLater(score, { player });
  await Promise.all([one.flush(), another.flush(), one.flush()]);
  assert.deepEqual(
    (await counted(player)).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b),
    [...Array(20).keys()],
  );
});

test('by itself it flushes at the start and after each score, and tells why it cannot', async () => {
  const [folder, player] = [await newFolder(), newPlayer()];
  /** @type {(error: Error) => void} */
  let tell = () => {};
  const told = new Promise((resolve) => (tell = resolve));
  await on(SERVICE, folder).submitLater(1, { player });
  await next(error(401, 'invalid_api_key'));
  const refused = on(GATEWAY, folder, { autoFlush: true, onFlushError: tell });
  assert.match(String(await told), /invalid_api_key/);
  refused.close();
  const client = on(GATEWAY, folder, { autoFlush: true });
  await client.submitLater(2, { player });
  while (await client.queued()) await new Promise((resolve) => setTimeout(resolve, 5));
  client.close();
  assert.deepEqual(await counted(player), [1, 2]);
});

/**
 * Changes the only file of a queue.
 * @param {string} folder
 * @param {(content: any) => unknown} change
 */
async function edit(folder, change) {
  const path = join(folder, (await readdir(folder))[0] ?? '');
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}
